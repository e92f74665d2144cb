package dev.slipway.testkit.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Calls every operation of a service's OpenAPI document as everybody: with a token of each role, with none, with one
/// that nobody knows. What must come of it stands in a table, a line per operation:
///
///     GET  /api/v1/releases                  viewer
///     POST /api/v1/releases/{id}/approvals   approver
///     POST /api/v1/webhooks/github/{app}     anybody
///
/// An operation without a line is a finding, a line without an operation too.
public final class WalkRoles {
    private static final String ANYBODY = "anybody";

    /// What every service has.
    private static final String EVERYWHERE = """
            GET    /healthz                                              anybody
            PUT    /api/v1/applications/{application}/manifest           admin
            GET    /api/v1/applications/{application}/manifest           viewer
            GET    /api/v1/audit                                         operator
            GET    /api/v1/audit/verify                                  operator
            GET    /api/v1/inbox                                         viewer
            GET    /api/v1/dead-letters                                  viewer
            GET    /api/v1/dead-letters/{id}                             viewer
            POST   /api/v1/dead-letters/{id}/replay                      operator
            POST   /api/v1/dead-letters/{id}/discard                     operator
            """;

    /// Who may do what a role may; said here once more, so that a change of the service's own rules is noticed.
    private static final Map<String, Set<String>> LETS_IN = Map.of(
            "viewer",
            Set.of("viewer", "operator", "approver:technical-lead", "admin"),
            "operator",
            Set.of("operator", "admin"),
            "approver",
            Set.of("approver:technical-lead"),
            "admin",
            Set.of("admin"),
            "ci",
            Set.of("ci"),
            ANYBODY,
            Set.of("viewer", "operator", "approver:technical-lead", "admin", "ci", "none"));

    private static final List<String> CALLERS =
            List.of("viewer", "operator", "approver:technical-lead", "ci", "admin", "none", "unknown");

    private final Map<String, String> least = new LinkedHashMap<>();
    private final Map<String, String> tokens;

    /// @param table as above, without what every service has
    /// @param tokens a valid token for each of `viewer`, `operator`, `approver:technical-lead`, `ci`, `admin`
    public WalkRoles(String table, Map<String, String> tokens) {
        this.tokens = tokens;
        (EVERYWHERE + table).lines().filter(line -> !line.isBlank()).forEach(line -> {
            String[] words = line.strip().split("\\s+");
            if (words.length != 3 || !LETS_IN.containsKey(words[2])) {
                throw new IllegalArgumentException("no line of a table of roles: " + line);
            }
            least.put(words[0] + " " + words[1], words[2]);
        });
    }

    /// @return what is not as the table says; empty when all is
    public List<String> findings(URI server) throws IOException {
        List<String> findings = new ArrayList<>();
        try (RawHttp http = new RawHttp(server)) {
            List<Operation> operations = Operation.of(document(http));
            Set<String> unknown = new TreeSet<>(least.keySet());
            for (Operation operation : operations) {
                unknown.remove(operation.name());
                String needed = least.get(operation.name());
                if (needed == null) {
                    findings.add(operation.name() + ": the table has no line for it");
                    continue;
                }
                for (String caller : CALLERS) {
                    check(http, operation, needed, caller, findings);
                }
            }
            unknown.forEach(name -> findings.add(name + ": the table has a line for it, the service nothing"));
            if (operations.isEmpty()) {
                findings.add("the document has no operations");
            }
        }
        return findings;
    }

    static JsonNode document(RawHttp http) throws IOException {
        return http.send(new RawHttp.Request("GET", "/q/openapi?format=json", Map.of(), new byte[0]))
                .json();
    }

    private void check(RawHttp http, Operation operation, String needed, String caller, List<String> findings)
            throws IOException {
        RawHttp.Answer answer = http.send(request(operation, caller));
        String expected = expected(needed, caller);
        String found = switch (answer.problem()) {
            case "unauthenticated" -> "401";
            case "forbidden" -> "403";
            default -> answer.status() == 429 || answer.status() >= 500 ? "" + answer.status() : "let in";
        };
        boolean right = found.equals(expected)
                && (expected.equals("let in") || expected.equals("" + answer.status()))
                && (!expected.equals("401") || answer.headers().containsKey("www-authenticate"));
        if (!right) {
            findings.add("%s as %s: %s expected, got %d %s"
                    .formatted(operation.name(), caller, expected, answer.status(), answer.body()));
        }
    }

    private static String expected(String needed, String caller) {
        if (caller.equals("unknown")) {
            return needed.equals(ANYBODY) ? "let in" : "401";
        }
        if (LETS_IN.get(needed).contains(caller)) {
            return "let in";
        }
        return caller.equals("none") ? "401" : "403";
    }

    private RawHttp.Request request(Operation operation, String caller) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (caller.equals("unknown")) {
            headers.put("Authorization", "Bearer nobody-knows-this");
        } else if (!caller.equals("none")) {
            headers.put("Authorization", "Bearer " + tokens.get(caller));
        }
        operation
                .contentType()
                .ifPresent(type -> headers.put("Content-Type", type.contains("*") ? "text/plain" : type));
        String path = operation.path().replaceAll("\\{[^}]*}", UUID.randomUUID().toString());
        byte[] body = operation.contentType().isPresent() ? "{}".getBytes(UTF_8) : new byte[0];
        return new RawHttp.Request(operation.method(), path, headers, body);
    }
}
