package dev.slipway.testkit.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.testkit.AuditCoverage;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Somebody whose token lets them read, and who tries an operation that takes more, a thousand times: a limit stops
/// them, the audit tells of it, and nothing has happened.
public final class Intruder {
    private static final int TRIES = 1_000;

    /// By default, in a minute; a few come back while this goes on.
    private static final int REFUSALS = 120;

    /// Refusals are written within a second.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI service;
    private final Jdbi jdbi;
    private final String token;
    private final String operators;

    /// @param token of a viewer by the name of `mallory`, whose sealer runs and whose refusals are limited as by
    /// default
    /// @param operators a token of somebody who may read the audit
    public Intruder(URI service, Jdbi jdbi, String token, String operators) {
        this.service = service;
        this.jdbi = jdbi;
        this.token = token;
        this.operators = operators;
    }

    /// Tries what every service has: to give up a dead letter.
    public List<String> findings() throws IOException {
        String letter = "/api/v1/dead-letters/%d/discard".formatted(AuditCoverage.deadLetter(jdbi));
        return findings("POST /api/v1/dead-letters/{id}/discard", letter, "{\"reason\": \"mine now\"}");
    }

    /// @param operation as the audit calls it
    /// @param path the operation's, of something that exists
    /// @param body that does it when somebody may
    /// @return what is not as it should be; empty when all is
    public List<String> findings(String operation, String path, String body) throws IOException {
        List<String> findings = new ArrayList<>();
        Map<Integer, Integer> statuses = new TreeMap<>();
        String before = everything();
        String method = operation.substring(0, operation.indexOf(' '));
        RawHttp.Request attempt = new RawHttp.Request(
                method,
                path,
                Map.of(
                        "Authorization", "Bearer " + token,
                        "Content-Type", "application/json",
                        "User-Agent", "intruder/1"),
                body.getBytes(UTF_8));
        try (RawHttp http = new RawHttp(service)) {
            for (int i = 0; i < TRIES; i++) {
                RawHttp.Answer answer = http.send(attempt);
                statuses.merge(answer.status(), 1, Integer::sum);
                boolean limited = answer.status() == 429;
                if (limited && !saysWhen(answer)) {
                    findings.add("a refusal by the limit does not say when to come back: " + answer);
                }
            }
        }
        int refused = statuses.getOrDefault(403, 0);
        if (refused < REFUSALS || refused > 2 * REFUSALS || refused + statuses.getOrDefault(429, 0) != TRIES) {
            findings.add("the limit lets through what it should not: " + statuses);
        }
        if (!everything().equals(before)) {
            findings.add("something has changed in the database");
        }
        findings.addAll(audit(operation));
        return findings;
    }

    private static boolean saysWhen(RawHttp.Answer answer) {
        return answer.headers().getOrDefault("retry-after", "").matches("[1-9]\\d*")
                && answer.problem().equals("too-many-requests")
                && answer.json().path("limit").asText().equals("refusals");
    }

    private List<String> audit(String operation) throws IOException {
        WalkAudit audit = new WalkAudit(service, operators, jdbi);
        String question = "change=refused&action=" + URLEncoder.encode(operation, UTF_8);
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<JsonNode> rows = List.of();
        while (rows.isEmpty() && System.nanoTime() < end) {
            rows = audit.rows(question);
        }
        // One for the first of each minute, one for how many that minute had.
        boolean told = !rows.isEmpty()
                && rows.size() <= 4
                && rows.stream()
                        .allMatch(row -> row.path("token").asText().equals("mallory")
                                && row.path("person").asText().equals("mallory")
                                && row.path("agent").asText().equals("intruder/1")
                                && !row.path("address").asText().isBlank()
                                && row.path("new").path("attempts").asInt() >= 1);
        return told ? List.of() : List.of("the audit does not tell of it: " + rows);
    }

    /// All rows of all tables but the audit's own.
    private String everything() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
                          and relname not like 'audit%' order by relname""").mapTo(String.class).stream()
                .map(table -> table + " " + rows(handle, table))
                .toList()
                .toString());
    }

    private static String rows(Handle handle, String table) {
        return handle.createQuery(
                        "select count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from \"%s\" t"
                                .formatted(table))
                .mapTo(String.class)
                .one();
    }
}
