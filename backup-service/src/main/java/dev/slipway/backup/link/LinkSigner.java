package dev.slipway.backup.link;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Supplier;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;

/// Signs which link gives which backup until when: HMAC-SHA-256 under a key that is used for nothing else.
public final class LinkSigner {
    private static final byte[] PURPOSE = "slipway-link/1".getBytes(StandardCharsets.UTF_8);

    private final Supplier<@Nullable SecretKey> secret;

    /// @param secret asked for each time, so that a changed one counts at once; gives null where there is none
    public LinkSigner(Supplier<@Nullable SecretKey> secret) {
        this.secret = secret;
    }

    /// Whether there is a secret to sign with.
    boolean canSign() {
        return secret.get() != null;
    }

    /// @param link of which there may be several for one backup
    /// @param until in whole seconds
    /// @return Base64 without padding, as it goes into a URL
    /// @throws IllegalStateException when there is no secret
    String sign(UUID link, UUID backup, Instant until) {
        SecretKey key = secret.get();
        if (key == null) {
            throw new IllegalStateException("there is no secret to sign links with");
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(mac(key, link, backup, until));
    }

    /// Compared without telling by its time how much of it was right.
    boolean signed(UUID link, UUID backup, Instant until, String signature) {
        SecretKey key = secret.get();
        if (key == null) {
            return false;
        }
        try {
            return MessageDigest.isEqual(
                    mac(key, link, backup, until), Base64.getUrlDecoder().decode(signature));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static byte[] mac(SecretKey secret, UUID link, UUID backup, Instant until) {
        try {
            SecretKey key = KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "HmacSHA256",
                            HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(PURPOSE, 32));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(
                    "%s\n%s\n%d".formatted(link, backup, until.getEpochSecond()).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has HKDF and HMAC-SHA-256", e);
        }
    }
}
