package dev.slipway.demo.story;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/// Makes machine's text readable: times without their date, ids, hashes and commits by their beginning, durations in
/// seconds.
final class Plainly {
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT(\\d\\d:\\d\\d:\\d\\d)(?:\\.\\d+)?Z");
    private static final Pattern COMMIT = Pattern.compile("\\b([0-9a-f]{7})[0-9a-f]{33}\\b");
    private static final Pattern HASH = Pattern.compile("\\bsha256:([0-9a-f]{7})[0-9a-f]{57}\\b");
    private static final Pattern UUID =
            Pattern.compile("\\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b");
    private static final Pattern DURATION = Pattern.compile("\\bPT[0-9HMS.]+\\b");

    private Plainly() {}

    static String said(String text) {
        String plain = TIME.matcher(text).replaceAll("$1");
        plain = COMMIT.matcher(plain).replaceAll("$1");
        plain = HASH.matcher(plain).replaceAll("sha256:$1");
        plain = UUID.matcher(plain).replaceAll("$1");
        return DURATION.matcher(plain).replaceAll(found -> seconds(Duration.parse(found.group())));
    }

    /// `3.4 s`.
    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
