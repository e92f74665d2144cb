package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// GitHub's `X-Hub-Signature-256`: `sha256=<hex HMAC-SHA256(secret, raw body)>`, secrets in UTF-8.
///
/// Source: docs.github.com, "Validating webhook deliveries".
final class GitHubSignature {
    static final String HEADER = "X-Hub-Signature-256";

    private static final String PREFIX = "sha256=";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;

    private GitHubSignature() {}

    /// The key of a secret; none of a blank one: anybody could sign with it.
    static Optional<SecretKey> key(String secret) {
        return secret.isBlank() ? Optional.empty() : Optional.of(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
    }

    /// Whether one of the keys made this signature of these bytes. Takes as long for a wrong signature as
    /// for a right one, and for the first key as for the last.
    static boolean matches(byte[] body, @Nullable String header, Collection<SecretKey> keys) {
        byte[] given = parse(header);
        boolean matches = false;
        for (SecretKey key : keys) {
            matches |= MessageDigest.isEqual(sign(body, key), given);
        }
        return matches;
    }

    /// The header a sender with this secret would give.
    static String header(byte[] body, String secret) {
        return PREFIX + HexFormat.of().formatHex(sign(body, key(secret).orElseThrow()));
    }

    /// What is no signature is zeros: it matches nothing, after the same work.
    private static byte[] parse(@Nullable String header) {
        String lower = header == null ? "" : header.strip().toLowerCase(Locale.ROOT);
        if (!lower.startsWith(PREFIX)) {
            return new byte[BYTES];
        }
        try {
            return HexFormat.of().parseHex(lower.substring(PREFIX.length()));
        } catch (IllegalArgumentException _) {
            return new byte[BYTES];
        }
    }

    private static byte[] sign(byte[] body, SecretKey key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks " + ALGORITHM, e);
        }
    }
}
