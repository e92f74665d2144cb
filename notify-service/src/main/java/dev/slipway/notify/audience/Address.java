package dev.slipway.notify.audience;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Where a channel delivers to. Printing one never shows it: an address is personal, a webhook's URL a secret.
public sealed interface Address permits EmailAddress, SlackHook {

    /// @throws IllegalArgumentException when the text is no address of that channel; the message does not repeat it
    static Address parse(ChannelName channel, String text) {
        return switch (channel) {
            case EMAIL -> EmailAddress.parse(text);
            case SLACK -> SlackHook.parse(text);
        };
    }

    /// The address itself, for the channel alone.
    String value();

    /// Enough to recognise, too little to use.
    String masked();

    /// Tells addresses apart without keeping them.
    default String hash() {
        return hash(value());
    }

    /// SHA-256 in hexadecimal.
    static String hash(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
