package dev.slipway.notify.channel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.StringJoiner;

/// Writes a header's text so that any Unicode survives (RFC 2047): words of at most 75 characters that each hold whole
/// characters. The mail client's own encoding tears characters beyond the basic plane apart.
final class EncodedWords {
    private static final int MOST_BYTES = 45;

    private EncodedWords() {}

    /// @param text one line; plain ASCII stays as it is
    static String of(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 127) && !text.contains("=?")) {
            return text;
        }
        StringJoiner words = new StringJoiner(" ");
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        text.codePoints().forEach(c -> {
            byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
            if (word.size() + bytes.length > MOST_BYTES) {
                words.add(word(word));
                word.reset();
            }
            word.writeBytes(bytes);
        });
        return words.add(word(word)).toString();
    }

    private static String word(ByteArrayOutputStream bytes) {
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(bytes.toByteArray()) + "?=";
    }
}
