package dev.slipway.monitor.sample;

import java.util.LinkedHashMap;
import java.util.Map;

/// Reads one line of a metrics page from left to right.
final class SeriesLine {
    private final String line;
    private int at;

    SeriesLine(String line) {
        this.line = line;
    }

    Series read() {
        String name = name(true);
        skipBlanks();
        Map<String, String> labels = peek() == '{' ? labels() : Map.of();
        double value = value();
        timestamp();
        return new Series(name, labels, value);
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        at++;
        skipBlanks();
        while (peek() != '}') {
            String name = name(false);
            skipBlanks();
            expect('=');
            skipBlanks();
            if (labels.put(name, quoted()) != null) {
                throw new UnreadableMetrics("label '%s' is there twice".formatted(name));
            }
            skipBlanks();
            if (peek() != '}') {
                expect(',');
                skipBlanks();
            }
        }
        at++;
        return labels;
    }

    /// A metric's name may hold colons, a label's name may not.
    private String name(boolean colons) {
        int start = at;
        while (isLetter(peek()) || (at > start && isDigit(peek())) || (colons && peek() == ':')) {
            at++;
        }
        if (at == start) {
            throw new UnreadableMetrics("a name should start at column %d".formatted(start + 1));
        }
        return line.substring(start, at);
    }

    private String quoted() {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (peek() != '"') {
            text.append(peek() == '\\' ? escaped() : peek());
            at++;
        }
        at++;
        return text.toString();
    }

    private char escaped() {
        at++;
        return switch (peek()) {
            case 'n' -> '\n';
            case '\\' -> '\\';
            case '"' -> '"';
            default -> throw new UnreadableMetrics("unknown escape at column %d".formatted(at + 1));
        };
    }

    private double value() {
        String word = word();
        return switch (word) {
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            default -> {
                // Java reads more than the format allows: '1d', '0x1p3', ' 1'.
                if (!word.matches("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
                    throw new UnreadableMetrics("'%s' is no number".formatted(word));
                }
                yield Double.parseDouble(word);
            }
        };
    }

    private void timestamp() {
        String word = word();
        if (!word.isEmpty() && !word.matches("-?[0-9]+")) {
            throw new UnreadableMetrics("'%s' is no timestamp".formatted(word));
        }
        if (!word().isEmpty()) {
            throw new UnreadableMetrics("something follows the timestamp");
        }
    }

    /// What stands until the next blank; empty at the line's end.
    private String word() {
        skipBlanks();
        int start = at;
        while (at < line.length() && !isBlank(line.charAt(at))) {
            at++;
        }
        return line.substring(start, at);
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw new UnreadableMetrics("'%c' should stand at column %d".formatted(wanted, at + 1));
        }
        at++;
    }

    private void skipBlanks() {
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
    }

    private char peek() {
        if (at >= line.length()) {
            throw new UnreadableMetrics("ends too early");
        }
        return line.charAt(at);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
