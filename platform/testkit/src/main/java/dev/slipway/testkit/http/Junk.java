package dev.slipway.testkit.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What nobody should send: values of every kind, the same ones again for the same random.
final class Junk {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "null",
            "true",
            "-1",
            "0",
            "201",
            "2147483648",
            "99999999999999999999999",
            "1e999",
            "NaN",
            "'; drop table release; --",
            "../../etc/passwd",
            "..",
            "%",
            "_%",
            "a\u0000b",
            "\u0000",
            "\uD800",
            "a\uDFFFb",
            "\uD83D\uDE80 Grüße 名前",
            "\u202Eabc",
            "e\u0301\u0301",
            "\uFEFF",
            "\r\nX-More: 1",
            "a\tb\u0007",
            "${env:HOME}",
            "{{7*7}}",
            "<script>alert(1)</script>",
            "00000000-0000-0000-0000-000000000000",
            "00000000-0000-0000-0000-00000000000g",
            "P1D",
            "PT-1S",
            "P9999999999999D",
            "PT0.0000001S",
            "2026-13-45",
            "+999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z",
            "AAAA",
            "MjAyNgBhAGI",
            "x".repeat(300),
            "ä".repeat(1500));
    /// What stands in no URI, at least not so.
    private static final List<String> RAW = List.of(
            "%",
            "%2",
            "%zz",
            "%C3",
            "%FF%FE",
            "%00",
            "%2F..%2F",
            "|",
            "{id}",
            "\"<>\"",
            "^`",
            "a\\b",
            "[1]",
            "\u00e4\u00ff",
            ";a=b",
            "/..",
            "//",
            "/./",
            "?",
            "?x=%zz&",
            "#",
            "&&=");
    private static final List<String> NUMBERS =
            List.of("0", "-1", "-0", "1.5", "1e400", "-1e-400", "2147483648", "-9223372036854775809", "9".repeat(200));

    private final SplittableRandom random;

    Junk(SplittableRandom random) {
        this.random = random;
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    String text() {
        return one(TEXTS);
    }

    byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    /// As it stands in a path or a query; at times not as it should.
    String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isLetterOrDigit(c) && c < 0x80 || c == '-') {
                encoded.append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                percent(encoded, text.substring(i, i + 2).getBytes(UTF_8));
                i++;
            } else if (Character.isSurrogate(c)) {
                percent(encoded, new byte[] {
                    (byte) (0xE0 | c >> 12), (byte) (0x80 | c >> 6 & 0x3F), (byte) (0x80 | c & 0x3F)
                });
            } else {
                percent(encoded, String.valueOf(c).getBytes(UTF_8));
            }
        }
        return encoded.toString();
    }

    private static void percent(StringBuilder to, byte[] bytes) {
        for (byte b : bytes) {
            to.append("%%%02X".formatted(b & 0xFF));
        }
    }

    /// A target with something in it that is no URI.
    String raw(String target) {
        int at = random.nextInt(target.length()) + 1;
        String raw = target.substring(0, at) + one(RAW) + target.substring(at);
        return chance(10) ? "http://elsewhere.example" + raw : raw;
    }

    /// Any JSON value.
    String json(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> "null";
            case 1 -> one(List.of("true", "false"));
            case 2 -> one(NUMBERS);
            case 3, 4, 5 -> quoted(text());
            case 6 -> "[" + json(depth - 1) + "," + json(depth - 1) + "]";
            case 7 -> "{" + quoted(text()) + ":" + json(depth - 1) + "}";
            default -> nested(random.nextInt(2000));
        };
    }

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    /// An object with the members of a schema, some right, some not, some twice, some missing.
    String object(JsonNode schema, Map<String, List<String>> known) {
        List<String> members = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if (chance(80)) {
                members.add(quoted(property.getKey()) + ":" + value(property.getKey(), property.getValue(), known));
            }
            if (chance(4)) {
                members.add(quoted(property.getKey()) + ":" + json(1));
            }
        }
        if (chance(10)) {
            members.add(quoted(text()) + ":" + json(2));
        }
        return "{" + String.join(",", members) + "}";
    }

    private String value(String name, JsonNode schema, Map<String, List<String>> known) {
        if (known.containsKey(name) && chance(50)) {
            return quoted(one(known.get(name)));
        }
        return switch (schema.path("type").asText("")) {
            case "array" -> chance(50) ? "[" + quoted(text()) + "]" : json(2);
            case "string" -> chance(60) ? quoted(text()) : json(2);
            default -> json(2);
        };
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate((char) c)) {
                quoted.append("\\u%04x".formatted(c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
