package dev.slipway.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What of the operator's own environment `./slipway up` hands on to the services: the values manifests refer to, the
/// mail server, guards and limits, tokens and their issuer, and further access tokens (as hashes).
final class OperatorEnvironment {
    private static final List<String> PASSED_ON = List.of(
            "SLIPWAY_REF_",
            "SLIPWAY_GUARDS_",
            "SLIPWAY_LIMITS_",
            "SLIPWAY_TOKENS_",
            "SLIPWAY_OIDC_",
            "QUARKUS_OIDC_",
            "QUARKUS_MAILER_");
    private static final Pattern TOKEN =
            Pattern.compile("SLIPWAY_ACCESS_TOKENS_(\\d{1,4})__(NAME|SHA256|ROLES|PERSON|ALIASES)");

    private final Map<String, String> environment;

    OperatorEnvironment(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    Map<String, String> passedOn() {
        Map<String, String> result = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (PASSED_ON.stream().anyMatch(name::startsWith)) {
                result.put(name, value);
            }
        });
        return result;
    }

    /// The tokens of `SLIPWAY_ACCESS_TOKENS_0__NAME` and so on, in the order of their numbers.
    ///
    /// @throws SuiteFailure when one lacks its name or hash
    List<AccessToken> tokens() {
        Map<Integer, Map<String, String>> byNumber = new TreeMap<>();
        environment.forEach((name, value) -> {
            Matcher matcher = TOKEN.matcher(name);
            if (matcher.matches()) {
                byNumber.computeIfAbsent(Integer.valueOf(matcher.group(1)), _ -> new LinkedHashMap<>())
                        .put(matcher.group(2), value);
            }
        });
        List<AccessToken> tokens = new ArrayList<>();
        byNumber.forEach((number, parts) -> tokens.add(token(number, parts)));
        return tokens;
    }

    private static AccessToken token(int number, Map<String, String> parts) {
        String name = parts.get("NAME");
        String sha256 = parts.get("SHA256");
        if (name == null || sha256 == null) {
            throw new SuiteFailure("SLIPWAY_ACCESS_TOKENS_" + number + "__NAME and __SHA256 go together");
        }
        return AccessToken.ofHash(name, sha256, list(parts.get("ROLES")))
                .withPerson(parts.getOrDefault("PERSON", name), list(parts.get("ALIASES")));
    }

    private static String[] list(String value) {
        return value == null || value.isBlank() ? new String[0] : value.strip().split("\\s*,\\s*", -1);
    }
}
