package dev.slipway.backup.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/// Binds a manifest to the backup whose key it is signed with: HMAC-SHA-256 under a key derived from the file's.
public final class ManifestSeal {
    private final SecretKey key;

    private ManifestSeal(SecretKey key) {
        this.key = key;
    }

    static ManifestSeal of(SecretKey fileKey) {
        try {
            byte[] purpose = "slipway-manifest/1".getBytes(StandardCharsets.UTF_8);
            return new ManifestSeal(KDF.getInstance("HKDF-SHA256")
                    .deriveKey("HmacSHA256", HKDFParameterSpec.expandOnly(fileKey, purpose, 32)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has HKDF", e);
        }
    }

    /// @return lower-case hex
    public String sign(byte[] bytes) {
        return HexFormat.of().formatHex(mac(bytes));
    }

    public boolean verifies(byte[] bytes, String signature) {
        // As text: one that is only written in another way is not what was written either.
        return MessageDigest.isEqual(
                sign(bytes).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] mac(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", e);
        }
    }
}
