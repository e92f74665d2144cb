package dev.slipway.manifest;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds what somebody probably meant to write.
final class Suggestion {
    private Suggestion() {}

    /// ` (did you mean 'x'?)`, or nothing when no known name is near.
    static String among(Collection<String> known, String written) {
        return nearest(known, written).map(" (did you mean '%s'?)"::formatted).orElse("");
    }

    private static Optional<String> nearest(Collection<String> known, String written) {
        int near = Math.max(1, written.length() / 3);
        String wanted = written.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(name -> distance(name.toLowerCase(Locale.ROOT), wanted) <= near)
                .min(Comparator.<String>comparingInt(name -> distance(name.toLowerCase(Locale.ROOT), wanted))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /// How many letters must be put in, taken out or exchanged (Levenshtein).
    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] now = new int[b.length() + 1];
            now[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int exchanged = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(exchanged, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[b.length()];
    }
}
