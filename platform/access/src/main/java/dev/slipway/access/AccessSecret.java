package dev.slipway.access;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// How an access token looks: `slw_`, 43 letters and digits that hold 256 random bits, and 6 more that are a checksum
/// of those. Whoever scans files for secrets finds it by `slw_[0-9A-Za-z]{49}` and by the checksum knows a token from
/// something that looks like one.
public final class AccessSecret {
    public static final String PREFIX = "slw_";

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM_BYTES = 32;
    private static final int RANDOM_DIGITS = 43;
    private static final int CHECK_DIGITS = 6;
    private static final int CHECK_AT = PREFIX.length() + RANDOM_DIGITS;
    private static final Pattern SHAPE = Pattern.compile("slw_[0-9A-Za-z]{49}");

    private AccessSecret() {}

    /// A new token.
    public static String next(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String digits = digits(new BigInteger(1, bytes), RANDOM_DIGITS);
        return PREFIX + digits + check(digits);
    }

    /// Whether somebody made this here, as far as its looks can tell.
    public static boolean isWellFormed(String text) {
        return SHAPE.matcher(text).matches()
                && text.substring(CHECK_AT).equals(check(text.substring(PREFIX.length(), CHECK_AT)));
    }

    /// What is kept of a token: 64 hexadecimal digits in lower case.
    public static String sha256(String token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String check(String digits) {
        CRC32 crc = new CRC32();
        crc.update(digits.getBytes(StandardCharsets.US_ASCII));
        return digits(BigInteger.valueOf(crc.getValue()), CHECK_DIGITS);
    }

    private static String digits(BigInteger number, int length) {
        StringBuilder digits = new StringBuilder(length);
        BigInteger base = BigInteger.valueOf(DIGITS.length());
        BigInteger left = number;
        for (int i = 0; i < length; i++) {
            BigInteger[] parts = left.divideAndRemainder(base);
            digits.append(DIGITS.charAt(parts[1].intValue()));
            left = parts[0];
        }
        return digits.reverse().toString();
    }
}
