package dev.slipway.trials.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Deliveries that tell of a good CI run, each of another run and commit.
final class SignedRun {
    static final String SECRET = "a secret of the benchmark alone";

    private SignedRun() {}

    /// A body of some size with `@RUN@` and `@COMMIT@` where deliveries differ.
    static String template(int bytes) {
        String text = """
                {"action": "completed",
                 "workflow": {"id": 5, "name": "CI", "path": ".github/workflows/ci.yml"},
                 "workflow_run": {"id": @RUN@, "name": "CI", "run_attempt": 1, "event": "push", "status": "completed",
                  "conclusion": "success", "head_branch": "main", "head_sha": "@COMMIT@",
                  "html_url": "https://ci.example/acme/bench/runs/1", "actor": {"login": "mara-k"},
                  "triggering_actor": {"login": "mara-k"},
                  "head_commit": {"author": {"name": "Jo Doe", "email": "jo@bench.example"}, "message": "PADDING"},
                  "head_repository": {"id": 99, "full_name": "acme/bench"}},
                 "repository": {"id": 99, "full_name": "acme/bench", "private": true}}
                """;
        String sentence = "Let the basket keep what was put into it when a customer comes back a day later. ";
        int missing = Math.max(0, bytes - text.length() + "PADDING".length());
        return text.replace(
                "PADDING", sentence.repeat(missing / sentence.length() + 1).substring(0, missing));
    }

    static byte[] body(String template, int round, int number) {
        return template.replace("@RUN@", "%d%08d".formatted(round, number))
                .replace("@COMMIT@", "%08x%032x".formatted(round, number))
                .getBytes(UTF_8);
    }

    /// As GitHub would send it.
    static HttpRequest.Builder delivery(URI webhook, String id, byte[] body) {
        return HttpRequest.newBuilder(webhook)
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "workflow_run")
                .header("X-GitHub-Delivery", id)
                .header("X-Hub-Signature-256", signature(body))
                .POST(BodyPublishers.ofByteArray(body));
    }

    /// What GitHub would send as `X-Hub-Signature-256`.
    static String signature(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
