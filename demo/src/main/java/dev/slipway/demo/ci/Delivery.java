package dev.slipway.demo.ci;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// One webhook delivery as GitHub sends it: sent again, it has the same id.
///
/// @param signature what stands in `X-Hub-Signature-256`
public record Delivery(UUID id, String event, byte[] body, String signature) {

    public static Delivery signed(String event, byte[] body, String secret) {
        return new Delivery(UUID.randomUUID(), event, body, signature(body, secret));
    }

    /// `sha256=` and the HMAC-SHA256 of the raw body in hex.
    public static String signature(byte[] body, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HmacSHA256", e);
        }
    }

    public HttpRequest to(URI webhook) {
        return HttpRequest.newBuilder(webhook)
                .header("Content-Type", "application/json")
                .header("User-Agent", "GitHub-Hookshot/demo")
                .header("X-GitHub-Event", event)
                .header("X-GitHub-Delivery", id.toString())
                .header("X-Hub-Signature-256", signature)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }
}
