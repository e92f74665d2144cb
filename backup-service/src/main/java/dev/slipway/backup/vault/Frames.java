package dev.slipway.backup.vault;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// The frames of one sealed file: each is encrypted on its own, under a nonce that holds its index and whether it is
/// the last. A frame that was changed, moved, left out or added does not open, and neither does a file that was cut
/// between two frames.
///
/// The key belongs to this one file, so the nonces need no randomness.
final class Frames {
    private static final int NONCE_BYTES = 12;
    private static final int INDEX_AT = 3;

    private final Cipher cipher;
    private final Key key;
    private final byte[] bound;
    private final byte[] nonce = new byte[NONCE_BYTES];

    Frames(SecretKey key, SealHeader header) {
        this.key = key;
        this.bound = header.bound();
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /// Encrypts a frame. @return length of what was written to `to`
    int seal(long index, boolean last, byte[] plain, int length, byte[] to) {
        try {
            begin(Cipher.ENCRYPT_MODE, index, last);
            return cipher.doFinal(plain, 0, length, to, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("frame " + index + " cannot be sealed", e);
        }
    }

    /// Decrypts a frame. @return length of what was written to `to`, or -1 when it is not that frame
    int open(long index, boolean last, byte[] sealed, int length, byte[] to) {
        if (length < SealHeader.TAG_BYTES) {
            return -1;
        }
        try {
            begin(Cipher.DECRYPT_MODE, index, last);
            return cipher.doFinal(sealed, 0, length, to, 0);
        } catch (AEADBadTagException _) {
            return -1;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("frame " + index + " cannot be opened", e);
        }
    }

    private void begin(int mode, long index, boolean last) throws GeneralSecurityException {
        ByteBuffer.wrap(nonce).putLong(INDEX_AT, index).put(NONCE_BYTES - 1, (byte) (last ? 1 : 0));
        cipher.init(mode, key, new GCMParameterSpec(SealHeader.TAG_BYTES * 8, nonce));
        cipher.updateAAD(bound);
    }
}
