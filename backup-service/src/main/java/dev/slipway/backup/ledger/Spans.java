package dev.slipway.backup.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Durations in words, for sentences that people read.
public final class Spans {
    private static final int PARTS_TOLD = 2;

    private Spans() {}

    /// The two largest parts: `3 d 4 h`, `27 h`, `12 min 5 s`, `0 s`. Hours count to 48 before they become days.
    public static String words(Duration span) {
        Duration size = span.abs();
        boolean days = size.compareTo(Duration.ofHours(48)) > 0;
        List<String> parts = new ArrayList<>();
        add(parts, days ? size.toDays() : 0, "d");
        add(parts, days ? size.toHoursPart() : size.toHours(), "h");
        add(parts, size.toMinutesPart(), "min");
        add(parts, size.toSecondsPart(), "s");
        return parts.isEmpty() ? "0 s" : String.join(" ", parts.subList(0, Math.min(PARTS_TOLD, parts.size())));
    }

    private static void add(List<String> parts, long number, String unit) {
        if (number > 0) {
            parts.add(number + " " + unit);
        }
    }
}
