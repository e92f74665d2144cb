package dev.slipway.demo.story;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Looks for secrets in text: as they are, URL-encoded, in hexadecimal, and in Base64 (both alphabets) wherever in the
/// encoded bytes they begin, so `user:password` is found too. Tells their names, never the secrets.
final class SecretSearch {
    /// Shorter ones would be found by chance.
    private static final int SHORTEST = 12;

    /// So many bytes at the beginning of a form decide whether the rest is compared.
    private static final int WINDOW = 8;

    private final Map<Long, List<Form>> byBeginning = new HashMap<>();

    private record Form(String name, byte[] bytes) {}

    /// @param secrets by their names
    SecretSearch(Map<String, String> secrets) {
        secrets.forEach((name, secret) -> {
            if (secret.length() < SHORTEST) {
                throw new IllegalArgumentException("the secret " + name + " is too short to be looked for");
            }
            forms(secret).forEach(form -> add(name, form.getBytes(StandardCharsets.UTF_8)));
        });
    }

    private void add(String name, byte[] form) {
        long beginning = 0;
        for (int i = 0; i < WINDOW; i++) {
            beginning = beginning << 8 | form[i] & 0xff;
        }
        byBeginning.computeIfAbsent(beginning, _ -> new ArrayList<>()).add(new Form(name, form));
    }

    private static Set<String> forms(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        Set<String> forms = new TreeSet<>();
        forms.add(secret);
        forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
        for (int before = 0; before < 3; before++) {
            forms.add(within(Base64.getEncoder(), bytes, before));
            forms.add(within(Base64.getUrlEncoder(), bytes, before));
        }
        return forms;
    }

    /// The characters that depend on nothing but these bytes when others stand before and behind them.
    private static String within(Base64.Encoder encoder, byte[] bytes, int before) {
        byte[] shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        int first = (before * 8 + 5) / 6;
        int behind = shifted.length * 8 / 6;
        return encoder.encodeToString(shifted).substring(first, behind);
    }

    /// @return the names of the secrets that stand there
    Set<String> in(byte[] text) {
        Set<String> found = new TreeSet<>();
        long window = 0;
        for (int i = 0; i < text.length; i++) {
            window = window << 8 | text[i] & 0xff;
            if (i >= WINDOW - 1) {
                int start = i - WINDOW + 1;
                for (Form form : byBeginning.getOrDefault(window, Collections.emptyList())) {
                    if (isAt(text, start, form.bytes)) {
                        found.add(form.name);
                    }
                }
            }
        }
        return found;
    }

    Set<String> in(String text) {
        return in(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isAt(byte[] text, int start, byte[] form) {
        int end = start + form.length;
        return end <= text.length && Arrays.equals(text, start, end, form, 0, form.length);
    }
}
