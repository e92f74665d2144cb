package dev.slipway.backup.vault;

import dev.slipway.backup.vault.SealFault.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The key of one file, encrypted under a master key and bound to the backup and the master key's name.
///
/// @param name of the master key
/// @param wrapped 12 bytes of nonce, the encrypted key, 16 bytes of authentication
public record WrappedKey(String name, byte[] wrapped) {
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    static WrappedKey wrap(SecretKey key, UUID backup, MasterKey master) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance(ALGORITHM);
            cipher.init(Cipher.ENCRYPT_MODE, master.key(), new GCMParameterSpec(SealHeader.TAG_BYTES * 8, nonce));
            cipher.updateAAD(bound(backup, master.name()));
            byte[] sealed = cipher.doFinal(key.getEncoded());
            byte[] wrapped = Arrays.copyOf(nonce, nonce.length + sealed.length);
            System.arraycopy(sealed, 0, wrapped, nonce.length, sealed.length);
            return new WrappedKey(master.name(), wrapped);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /// @throws SealFault `KEY_WRONG` when the master key is not the one it was wrapped under
    SecretKey unwrap(UUID backup, MasterKey master) throws SealFault {
        try {
            Cipher cipher = Cipher.getInstance(ALGORITHM);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    master.key(),
                    new GCMParameterSpec(SealHeader.TAG_BYTES * 8, wrapped, 0, NONCE_BYTES));
            cipher.updateAAD(bound(backup, name));
            return new SecretKeySpec(cipher.doFinal(wrapped, NONCE_BYTES, wrapped.length - NONCE_BYTES), "AES");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SealFault(
                    Reason.KEY_WRONG,
                    "the key of backup %s was not wrapped under this master key '%s', or its header was changed"
                            .formatted(backup, name),
                    e);
        }
    }

    private static byte[] bound(UUID backup, String master) {
        return "slipway-key/1 %s %s".formatted(backup, master).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WrappedKey key && name.equals(key.name) && Arrays.equals(wrapped, key.wrapped);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(wrapped);
    }

    @Override
    public String toString() {
        return "key wrapped under '" + name + "'";
    }
}
