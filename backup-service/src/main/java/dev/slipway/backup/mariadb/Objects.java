package dev.slipway.backup.mariadb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;

/// Kinds of objects that a dump can leave out without saying so.
final class Objects {
    static final String TABLES = "tables";
    static final String VIEWS = "views";
    static final String SEQUENCES = "sequences";
    static final String ROUTINES = "routines";
    static final String TRIGGERS = "triggers";
    static final String EVENTS = "events";

    private Objects() {}

    static void tell(SortedMap<String, Long> objects, String kind, long many) {
        if (many > 0) {
            objects.put(kind, many);
        }
    }

    /// `routines: 2 in the database, 0 in the dump` for every kind that differs.
    static List<String> differences(Map<String, Long> wanted, String where, Map<String, Long> found, String elsewhere) {
        List<String> differences = new ArrayList<>();
        TreeSet<String> kinds = new TreeSet<>(wanted.keySet());
        kinds.addAll(found.keySet());
        for (String kind : kinds) {
            long here = wanted.getOrDefault(kind, 0L);
            long there = found.getOrDefault(kind, 0L);
            if (here != there) {
                differences.add("%s: %d in %s, %d in %s".formatted(kind, here, where, there, elsewhere));
            }
        }
        return differences;
    }
}
