package dev.slipway.testkit.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.testkit.AuditCoverage;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// Sends the POSTs that every service has (replay and discard of a dead letter) again with their `Idempotency-Key`:
/// they are done once, and answered the same.
public final class RepeatLetters {
    private static final String DISCARD = "{\"reason\": \"of no use\"}";

    private final URI service;
    private final String token;
    private final Jdbi jdbi;
    private final List<String> findings = new ArrayList<>();

    /// @param token of an operator
    public RepeatLetters(URI service, String token, Jdbi jdbi) {
        this.service = service;
        this.token = token;
        this.jdbi = jdbi;
    }

    /// @return what is not as it should be; empty when all is
    public List<String> findings() throws IOException {
        repeat("replay", "");
        repeat("discard", DISCARD);
        long letter = AuditCoverage.deadLetter(jdbi);
        String key = key();
        expect("first", send(letter, "discard", DISCARD, key), 204, "");
        expect(
                "another body",
                send(letter, "discard", "{\"reason\": \"why not\"}", key),
                422,
                "idempotency-key-reused");
        long other = AuditCoverage.deadLetter(jdbi);
        expect("another path", send(other, "discard", DISCARD, key), 422, "idempotency-key-reused");
        if (!state(other).startsWith("dead")) {
            findings.add("a key that was used for another request changed something: " + state(other));
        }
        return findings;
    }

    private void repeat(String what, String body) throws IOException {
        long letter = AuditCoverage.deadLetter(jdbi);
        String key = key();
        RawHttp.Answer first = send(letter, what, body, key);
        String then = state(letter);
        RawHttp.Answer again = send(letter, what, body, key);
        expect(what, first, 204, "");
        expect(what + " again", again, 204, "");
        if (first.headers().containsKey("idempotency-replayed")
                || !again.headers().containsKey("idempotency-replayed")) {
            findings.add(what + ": the second answer is the one that is repeated: " + first + again);
        }
        if (then.startsWith("dead") || !state(letter).equals(then)) {
            findings.add("%s: done once it is %s, asked for again %s".formatted(what, then, state(letter)));
        }
        expect(what + " with another key", send(letter, what, body, key()), 409, "not-dead");
    }

    private void expect(String what, RawHttp.Answer answer, int status, String problem) {
        if (answer.status() != status || !answer.problem().equals(problem)) {
            findings.add("%s: %d %s expected, got %s".formatted(what, status, problem, answer));
        }
    }

    /// All of it: a second time would leave a later time, or one more replay.
    private String state(long letter) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select state || ' ' || inbox::text from inbox where seq = :seq")
                        .bind("seq", letter)
                        .mapTo(String.class)
                        .one());
    }

    private RawHttp.Answer send(long letter, String what, String body, String key) throws IOException {
        Map<String, String> headers = new HashMap<>(Map.of("Authorization", "Bearer " + token, "Idempotency-Key", key));
        headers.put("Content-Type", "application/json");
        try (RawHttp http = new RawHttp(service)) {
            String path = "/api/v1/dead-letters/%d/%s".formatted(letter, what);
            return http.send(new RawHttp.Request("POST", path, headers, body.getBytes(UTF_8)));
        }
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }
}
