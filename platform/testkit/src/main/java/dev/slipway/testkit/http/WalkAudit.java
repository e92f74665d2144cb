package dev.slipway.testkit.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.testkit.AuditCoverage;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/// Does everything that a service's OpenAPI document has and that may change something, and looks what the audit says
/// of it: who, from where, by which operation. An operation that nothing is done by is a finding: a new one is not
/// forgotten.
public final class WalkAudit {
    private static final Set<String> CHANGING = Set.of("POST", "PUT", "PATCH", "DELETE");

    private final URI service;
    private final String token;
    private final Jdbi jdbi;

    /// What makes an operation change something.
    public interface Act {
        void act() throws Exception;
    }

    /// @param token of an admin
    /// @param jdbi the service's database
    public WalkAudit(URI service, String token, Jdbi jdbi) {
        this.service = service;
        this.token = token;
        this.jdbi = jdbi;
    }

    /// What every service has, to be changed and added to.
    public Map<String, Act> acts() {
        return new HashMap<>(Map.of(
                "PUT /api/v1/applications/{application}/manifest",
                () -> done("PUT", "/api/v1/applications/audited/manifest", "application/yaml", "application: audited"),
                "POST /api/v1/dead-letters/{id}/replay",
                () -> done("POST", letter("replay"), "application/json", ""),
                "POST /api/v1/dead-letters/{id}/discard",
                () -> done("POST", letter("discard"), "application/json", "{\"reason\": \"of no use\"}")));
    }

    /// @param acts by the names of the operations: `POST /api/v1/dead-letters/{id}/replay`
    /// @return what is missing; empty when every change left word
    public List<String> findings(Map<String, Act> acts) throws Exception {
        List<String> findings = new ArrayList<>();
        List<String> operations;
        try (RawHttp http = new RawHttp(service)) {
            operations = Operation.of(WalkRoles.document(http)).stream()
                    .filter(operation -> CHANGING.contains(operation.method()))
                    .map(Operation::name)
                    .toList();
        }
        for (String operation : operations) {
            Act act = acts.get(operation);
            if (act == null) {
                findings.add(operation + ": nothing is done by it here");
                continue;
            }
            long before = newest();
            act.act();
            findings.addAll(missing(operation, before));
        }
        return findings;
    }

    private List<String> missing(String operation, long before) throws IOException {
        List<String> missing = new ArrayList<>();
        int rows = 0;
        for (JsonNode row : rows("action=" + URLEncoder.encode(operation, UTF_8))) {
            if (row.path("seq").asLong() > before
                    && !row.path("change").asText().equals("refused")) {
                rows++;
                boolean somebody = row.hasNonNull("person") && row.hasNonNull("token")
                        || row.path("cause").asText().equals("webhook");
                if (!somebody
                        || !row.hasNonNull("at")
                        || row.path("address").asText().isBlank()) {
                    missing.add(operation + ": nobody is named in " + row);
                }
            }
        }
        if (rows == 0) {
            missing.add(operation + ": left no row in the audit");
        }
        return missing;
    }

    /// @param query of `GET /api/v1/audit`
    List<JsonNode> rows(String query) throws IOException {
        RawHttp.Answer answer = send("GET", "/api/v1/audit?" + query, Map.of(), "");
        List<JsonNode> rows = new ArrayList<>();
        answer.json().path("items").forEach(rows::add);
        return rows;
    }

    private String letter(String what) {
        return "/api/v1/dead-letters/%d/%s".formatted(AuditCoverage.deadLetter(jdbi), what);
    }

    private void done(String method, String path, String type, String body) throws IOException {
        RawHttp.Answer answer = send(method, path, Map.of("Content-Type", type), body);
        if (answer.status() >= 300) {
            throw new AssertionError("%s %s: %s".formatted(method, path, answer));
        }
    }

    private RawHttp.Answer send(String method, String path, Map<String, String> headers, String body)
            throws IOException {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Authorization", "Bearer " + token);
        try (RawHttp http = new RawHttp(service)) {
            return http.send(new RawHttp.Request(method, path, all, body.getBytes(UTF_8)));
        }
    }

    private long newest() {
        return jdbi.withHandle(handle -> handle.createQuery("select coalesce(max(seq), 0) from audit")
                .mapTo(Long.class)
                .one());
    }
}
