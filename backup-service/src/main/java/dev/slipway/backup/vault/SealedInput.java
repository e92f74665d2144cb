package dev.slipway.backup.vault;

import dev.slipway.backup.vault.SealFault.Reason;
import java.io.IOException;
import java.io.InputStream;
import javax.crypto.SecretKey;

/// What is inside a sealed file, read to its flagged last frame. Nothing of a frame is given out before the whole frame
/// proved to be the one that was written there; the end of the stream means that every frame was.
public final class SealedInput extends InputStream {
    private final InputStream from;
    private final SealHeader header;
    private final SecretKey key;
    private final Frames frames;
    private final byte[] plain;
    private byte[] current;
    private byte[] ahead;
    private int aheadLength;
    private int position;
    private int limit;
    private long index;
    private boolean ended;

    private SealedInput(InputStream from, SealHeader header, SecretKey key) throws IOException {
        this.from = from;
        this.header = header;
        this.key = key;
        this.frames = new Frames(key, header);
        this.plain = new byte[header.frameBytes()];
        this.current = new byte[header.frameBytes()];
        this.ahead = new byte[header.frameBytes()];
        this.aheadLength = from.readNBytes(ahead, 0, ahead.length);
    }

    /// Reads the header and opens the file's key.
    ///
    /// @throws SealFault when it is not a sealed file or the keys do not open it
    public static SealedInput open(InputStream from, Keyring keys) throws IOException {
        SealHeader header = SealHeader.read(from);
        return new SealedInput(from, header, fileKey(header, keys));
    }

    private static SecretKey fileKey(SealHeader header, Keyring keys) throws SealFault {
        return header.key().unwrap(header.backup(), keys.named(header.key().name()));
    }

    /// What checks the manifest that tells of the file with this header.
    public static ManifestSeal manifestSeal(SealHeader header, Keyring keys) throws SealFault {
        return ManifestSeal.of(fileKey(header, keys));
    }

    /// The same header with the file's key wrapped under another master key. The frames stay as they are.
    public static SealHeader rewrap(SealHeader header, Keyring keys, MasterKey master) throws SealFault {
        return header.with(WrappedKey.wrap(fileKey(header, keys), header.backup(), master));
    }

    public SealHeader header() {
        return header;
    }

    /// How many frames were opened so far.
    public long frames() {
        return index;
    }

    public ManifestSeal manifestSeal() {
        return ManifestSeal.of(key);
    }

    @Override
    public int read() throws IOException {
        return fill() ? plain[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(plain, position, to, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return limit - position;
    }

    /// @return whether there is a byte to give out
    private boolean fill() throws IOException {
        while (position == limit) {
            if (ended) {
                return false;
            }
            openNext();
        }
        return true;
    }

    private void openNext() throws IOException {
        byte[] swap = current;
        current = ahead;
        ahead = swap;
        int length = aheadLength;
        aheadLength = length < current.length ? 0 : from.readNBytes(ahead, 0, ahead.length);
        boolean last = aheadLength == 0;
        int opened = frames.open(index, last, current, length, plain);
        if (opened < 0) {
            throw broken(last, length);
        }
        position = 0;
        limit = opened;
        ended = last;
        index++;
    }

    private SealFault broken(boolean last, int length) {
        if (last && (length == 0 || frames.open(index, false, current, length, plain) >= 0)) {
            return new SealFault(Reason.CUT, "it was cut: frame %d is not its last".formatted(index));
        }
        return new SealFault(Reason.DAMAGED, "frame %d is not what was written there".formatted(index));
    }

    @Override
    public void close() throws IOException {
        from.close();
    }
}
