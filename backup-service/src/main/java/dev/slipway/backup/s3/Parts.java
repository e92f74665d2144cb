package dev.slipway.backup.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// The part of an upload that is being filled. Parts grow with their number, so that ten thousand of them, the most
/// there may be, take 190 GiB, and the first ones no more memory than they need.
final class Parts {
    private static final int MEBI = 1024 * 1024;

    private byte[] bytes = new byte[256 * 1024];
    private int length;
    private int number = 1;

    /// How large the part of that number is, the last one aside.
    static int size(int number) {
        if (number <= 1_000) {
            return 8 * MEBI;
        }
        return number <= 4_000 ? 16 * MEBI : 24 * MEBI;
    }

    int number() {
        return number;
    }

    int length() {
        return length;
    }

    byte[] bytes() {
        return bytes;
    }

    boolean isFull() {
        return length == size(number);
    }

    /// Takes what fits.
    void fill(ByteBuffer from) {
        int count = Math.min(from.remaining(), size(number) - length);
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(size(number), Math.max(length + count, bytes.length * 2)));
        }
        from.get(bytes, length, count);
        length += count;
    }

    /// Begins the next one.
    void next() {
        number++;
        length = 0;
    }

    String md5() {
        return md5(bytes, length);
    }

    /// With it the server refuses what was changed on its way.
    static String md5(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(bytes, 0, length);
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
