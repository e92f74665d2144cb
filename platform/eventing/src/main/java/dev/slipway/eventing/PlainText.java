package dev.slipway.eventing;

import org.jspecify.annotations.Nullable;

/// Texts that came from elsewhere (messages of exceptions, what a foreign event says) as a column and a log line can
/// hold them.
final class PlainText {
    private static final int LONGEST = 8_000;

    private PlainText() {}

    /// PostgreSQL keeps no NUL.
    static String kept(@Nullable String text) {
        String plain = String.valueOf(text).replace('\0', '\ufffd');
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
    }

    /// The same on one line.
    static String line(@Nullable String text) {
        return kept(text).replaceAll("\\p{Cntrl}", " ");
    }
}
