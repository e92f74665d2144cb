package dev.slipway.notify.wording;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/// Foreign text made fit for messages, and values made readable.
public final class Text {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int SHORT_COMMIT = 12;
    private static final int LONGEST = 20_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Text() {}

    /// Any Unicode stays; control characters other than line feed and tab go, and so does what no encoding can carry.
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.replace("\r\n", "\n").codePoints().limit(LONGEST).forEach(c -> {
            if (c == '\r') {
                clean.append('\n');
            } else if (Character.getType(c) == Character.SURROGATE) {
                clean.append('\uFFFD');
            } else if (c == '\n' || c == '\t' || !Character.isISOControl(c)) {
                clean.appendCodePoint(c);
            }
        });
        return clean.toString().strip();
    }

    /// The same on one line: fit for a header.
    static String oneLine(String text) {
        return clean(text).replaceAll("[\\s\\u2028\\u2029\\u0085]+", " ").strip();
    }

    /// Cuts visibly: what is longer ends in `…`, never inside a character.
    ///
    /// @param limit in UTF-16 units, which is never less than what receivers count
    static String shorten(String text, int limit) {
        return shorten(text, limit, "…");
    }

    /// @param mark what a cut text ends in; counted in the limit
    static String shorten(String text, int limit, String mark) {
        if (text.length() <= limit) {
            return text;
        }
        int end = limit - mark.length();
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end).stripTrailing() + mark;
    }

    /// A version as people recognise it: a whole commit is shortened.
    public static String version(String version) {
        return COMMIT.matcher(version).matches() ? version.substring(0, SHORT_COMMIT) : version;
    }

    /// `1 h 5 min`, `1 min 12 s`, `4 s`, `0.3 s`.
    public static String duration(Duration duration) {
        if (duration.isNegative() || duration.toMillis() < 50) {
            return "0 s";
        }
        if (duration.toMillis() < 950) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        long seconds = duration.plusMillis(500).toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return pair(seconds / 60, "min", seconds % 60, "s");
        }
        long minutes = (seconds + 30) / 60;
        return minutes < 1440
                ? pair(minutes / 60, "h", minutes % 60, "min")
                : pair((minutes + 30) / 1440, "d", (minutes + 30) / 60 % 24, "h");
    }

    /// `2026-03-01 10:00:00 UTC`.
    public static String time(Instant time) {
        return TIME.format(time);
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
