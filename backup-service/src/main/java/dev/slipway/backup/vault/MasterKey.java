package dev.slipway.backup.vault;

import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A key that wraps the keys of backups. Its name is written into every backup, the key itself nowhere.
///
/// @param name as the manifest has it
public record MasterKey(String name, SecretKey key) {
    private static final int BYTES = 32;
    private static final int HEX_DIGITS = 64;

    /// From its text: 32 bytes in Base64 (of either alphabet) or as 64 hexadecimal digits, as
    /// `openssl rand -base64 32` prints them.
    ///
    /// @throws IllegalArgumentException when it is anything else; the message does not hold the text
    public static MasterKey of(String name, String text) {
        byte[] bytes = decode(text.strip());
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "the master key '%s' must be 32 bytes in Base64 or hexadecimal, it is not".formatted(name));
        }
        return new MasterKey(name, new SecretKeySpec(bytes, "AES"));
    }

    private static byte[] decode(String text) {
        try {
            return text.length() == HEX_DIGITS
                    ? HexFormat.of().parseHex(text)
                    : Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException _) {
            return new byte[0];
        }
    }

    /// The name alone.
    @Override
    public String toString() {
        return "master key '" + name + "'";
    }
}
