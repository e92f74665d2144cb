package dev.slipway.backup.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 and length of bytes as they pass.
public final class Digest {
    private final MessageDigest digest;
    private volatile long bytes;

    public Digest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread adds, others look
    public void add(byte[] more, int offset, int length) {
        digest.update(more, offset, length);
        bytes += length;
    }

    /// How many bytes passed so far, for whichever thread.
    public long bytes() {
        return bytes;
    }

    /// Ends it. @return lower-case hex
    public String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /// A stream whose bytes are added as they are read.
    public InputStream of(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                byte[] single = new byte[1];
                return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                int read = super.read(to, offset, length);
                if (read > 0) {
                    add(to, offset, read);
                }
                return read;
            }

            @Override
            public long skip(long count) throws IOException {
                // What is skipped is read too: nothing passes uncounted.
                byte[] away = new byte[(int) Math.min(count, 8192)];
                return Math.max(0, read(away, 0, away.length));
            }

            @Override
            public boolean markSupported() {
                return false;
            }
        };
    }
}
