package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// GitHub's `X-Hub-Signature-256`: `sha256=<hex HMAC-SHA256(secret, raw body)>`, secrets in UTF-8.
///
/// Source: docs.github.com, "Validating webhook deliveries".
final class GitHubSignature {
    static final String HEADER = "X-Hub-Signature-256";

    private static final String PREFIX = "sha256=";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;

    private GitHubSignature() {}

    /// Whether one of the secrets made this signature of these bytes. Takes as long for a wrong signature as for a
    /// right
    /// one, and for the first secret as for the last. A blank secret is none: anybody could sign with it.
    static boolean matches(byte[] body, String header, Collection<String> secrets) {
        byte[] given = parse(header);
        boolean matches = false;
        for (String secret : secrets) {
            matches |= !secret.isBlank() && MessageDigest.isEqual(sign(body, secret), given);
        }
        return matches;
    }

    /// The header a sender with this secret would give.
    static String header(byte[] body, String secret) {
        return PREFIX + HexFormat.of().formatHex(sign(body, secret));
    }

    /// What is no signature is zeros: it matches nothing, after the same work.
    private static byte[] parse(String header) {
        String lower = header.strip().toLowerCase(Locale.ROOT);
        if (!lower.startsWith(PREFIX)) {
            return new byte[BYTES];
        }
        try {
            return HexFormat.of().parseHex(lower.substring(PREFIX.length()));
        } catch (IllegalArgumentException _) {
            return new byte[BYTES];
        }
    }

    private static byte[] sign(byte[] body, String secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks " + ALGORITHM, e);
        }
    }
}
