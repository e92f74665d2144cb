package dev.slipway.backup.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a database consists of besides its rows: kinds of objects and how many there are of each, and what
/// its sequences give next.
///
/// Sequences stand in no snapshot. One that moved during the dump was dumped as it stood somewhere in
/// between.
public final class Composition {
    private static final String SEQUENCE = "sequence ";
    private static final String FROM = " from";
    private static final String TO = " to";

    private Composition() {}

    /// One thing, and what of it was restored.
    ///
    /// @param expected at least, and `most` at most; the same where it did not move
    /// @param restored null when there is no such thing
    public record Compared(
            String what, long expected, long most, @Nullable Long restored) {
        public boolean matches() {
            return restored != null && expected <= restored && restored <= most;
        }

        @Override
        public String toString() {
            return "%s: %s in the snapshot, %s restored"
                    .formatted(
                            what,
                            expected == most ? Long.toString(expected) : "%d to %d".formatted(expected, most),
                            restored == null ? "none" : restored.toString());
        }
    }

    /// As it was seen before and after a dump.
    ///
    /// @param kinds of objects → how many
    /// @param before sequence → what it gave next, and `after`: those that are in both
    public static SortedMap<String, Long> of(
            Map<String, Long> kinds, Map<String, Long> before, Map<String, Long> after) {
        SortedMap<String, Long> all = new TreeMap<>(kinds);
        before.forEach((name, first) -> {
            Long last = after.get(name);
            if (last != null && last.equals(first)) {
                all.put(SEQUENCE + name, first);
            } else if (last != null) {
                all.put(SEQUENCE + name + FROM, Math.min(first, last));
                all.put(SEQUENCE + name + TO, Math.max(first, last));
            }
        });
        return all;
    }

    /// As it stands while nobody changes it.
    public static SortedMap<String, Long> of(Map<String, Long> kinds, Map<String, Long> sequences) {
        return of(kinds, sequences, sequences);
    }

    /// Without the sequences' positions.
    public static SortedMap<String, Long> kinds(SortedMap<String, Long> all) {
        SortedMap<String, Long> kinds = new TreeMap<>(all);
        kinds.keySet().removeIf(what -> what.startsWith(SEQUENCE));
        return Collections.unmodifiableSortedMap(kinds);
    }

    /// Each thing that was seen when the archive was made, and what of it was restored. What was not looked
    /// at then is not compared.
    public static List<Compared> compare(SortedMap<String, Long> seen, SortedMap<String, Long> restored) {
        List<Compared> all = new ArrayList<>();
        seen.forEach((what, number) -> {
            if (!what.startsWith(SEQUENCE)) {
                all.add(new Compared(what, number, number, restored.getOrDefault(what, 0L)));
            } else if (what.endsWith(FROM)) {
                String name = what.substring(0, what.length() - FROM.length());
                all.add(new Compared(name, number, seen.getOrDefault(name + TO, number), restored.get(name)));
            } else if (!what.endsWith(TO)) {
                all.add(new Compared(what, number, number, restored.get(what)));
            }
        });
        return all;
    }
}
