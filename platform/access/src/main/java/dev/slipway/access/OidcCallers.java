package dev.slipway.access;

import dev.slipway.web.Caller;
import dev.slipway.web.Callers;
import dev.slipway.web.Problem;
import io.quarkus.runtime.Startup;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/// Makes a [Caller] of a token that an issuer signed and that was found to be good. Built when the service starts, so
/// that a grant of a role there is not stops it there.
@Startup
@Singleton
final class OidcCallers implements SecurityIdentityAugmentor {
    private final OidcConfig config;

    OidcCallers(OidcConfig config) {
        this.config = config;
        for (OidcConfig.Grant grant : config.grants()) {
            try {
                Caller.granted("", "", grant.roles(), Set.of());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "slipway.oidc.grants: '%s': %s".formatted(grant.value(), e.getMessage()), e);
            }
        }
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
            return Uni.createFrom().item(identity);
        }
        try {
            return Uni.createFrom().item(Callers.identityOf(callerOf(token)));
        } catch (Problem problem) {
            return Uni.createFrom().failure(problem);
        }
    }

    private Caller callerOf(JsonWebToken token) {
        String person = person(token);
        Set<String> values = texts(token, config.roleClaim());
        List<String> roles = config.grants().stream()
                .filter(grant -> values.contains(grant.value()))
                .flatMap(grant -> grant.roles().stream())
                .toList();
        return Caller.granted("oidc:" + person, person, roles, aliases(token));
    }

    /// One of several names chosen by chance would be somebody else at the next request.
    private String person(JsonWebToken token) {
        Set<String> names = texts(token, config.personClaim());
        if (names.size() != 1) {
            throw Problem.invalidToken("This token does not say who it is for: it has %s claim '%s'."
                    .formatted(names.isEmpty() ? "no" : "several values of the", config.personClaim()));
        }
        return names.iterator().next();
    }

    private Set<String> aliases(JsonWebToken token) {
        Set<String> aliases = new HashSet<>();
        for (OidcConfig.Alias alias : config.aliases()) {
            texts(token, alias.claim()).forEach(name -> aliases.add(alias.kind() + ":" + name));
        }
        if ("true".equals(String.valueOf(token.<Object>getClaim("email_verified")))) {
            texts(token, "email").forEach(address -> aliases.add("email:" + address.toLowerCase(Locale.ROOT)));
        }
        return aliases;
    }

    private static Set<String> texts(JsonWebToken token, String path) {
        Set<String> texts = new HashSet<>();
        flat(claim(token, path)).filter(text -> !text.isBlank()).forEach(texts::add);
        return texts;
    }

    private static Stream<String> flat(@Nullable Object value) {
        return switch (value) {
            case String text -> Stream.of(text);
            case JsonString text -> Stream.of(text.getString());
            case JsonArray list -> list.stream().flatMap(OidcCallers::flat);
            case Iterable<?> list -> {
                Stream.Builder<String> all = Stream.builder();
                list.forEach(item -> flat(item).forEach(all));
                yield all.build();
            }
            case null, default -> Stream.empty();
        };
    }

    private static @Nullable Object claim(JsonWebToken token, String path) {
        Object value = token.getClaim(path);
        if (value != null || !path.contains("/")) {
            return value;
        }
        String[] names = path.split("/");
        value = token.getClaim(names[0]);
        for (int i = 1; i < names.length; i++) {
            value = value instanceof JsonObject object ? object.get(names[i]) : null;
        }
        return value;
    }
}
