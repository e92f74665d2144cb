package dev.slipway.backup.vault;

import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// Seals one file: a header, then frames in their order, the last one flagged as such. One thread at a time.
public final class Sealer {
    /// The most bytes one frame takes in.
    public static final int PLAIN_BYTES = SealHeader.FRAME_BYTES - SealHeader.TAG_BYTES;

    /// The most bytes one frame is when it is stored.
    public static final int STORED_BYTES = SealHeader.FRAME_BYTES;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final SealHeader header;
    private final SecretKey key;
    private final Frames frames;
    private long next;
    private boolean ended;

    private Sealer(SealHeader header, SecretKey key) {
        this.header = header;
        this.key = key;
        this.frames = new Frames(key, header);
    }

    /// With a new key, wrapped under `master`.
    public static Sealer begin(UUID backup, String content, String compression, MasterKey master) {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        SecretKey key = new SecretKeySpec(bytes, "AES");
        SealHeader header = new SealHeader(
                backup,
                content,
                compression,
                SealHeader.CIPHER,
                SealHeader.FRAME_BYTES,
                WrappedKey.wrap(key, backup, master));
        return new Sealer(header, key);
    }

    /// A whole small file, under a key of its own.
    public static byte[] whole(UUID backup, String content, byte[] plain, MasterKey master) {
        Sealer sealer = begin(backup, content, "none", master);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(sealer.header());
        byte[] frame = new byte[STORED_BYTES];
        int at = 0;
        do {
            int length = Math.min(plain.length - at, PLAIN_BYTES);
            byte[] part = Arrays.copyOfRange(plain, at, at + length);
            at += length;
            out.write(frame, 0, sealer.seal(part, length, at == plain.length, frame));
        } while (at < plain.length);
        return out.toByteArray();
    }

    /// What the file begins with.
    public byte[] header() {
        return header.write();
    }

    /// Seals the next frame: all but the last are full.
    ///
    /// @return how many bytes of `to`, which takes [#STORED_BYTES], are the frame
    public int seal(byte[] plain, int length, boolean last, byte[] to) {
        if (ended || (!last && length != PLAIN_BYTES)) {
            throw new IllegalStateException("frame %d of %d bytes is out of turn".formatted(next, length));
        }
        ended = last;
        return frames.seal(next++, last, plain, length, to);
    }

    /// How many frames were sealed.
    public long frames() {
        return next;
    }

    /// Signs what is said of this file elsewhere.
    public ManifestSeal manifestSeal() {
        return ManifestSeal.of(key);
    }
}
