package dev.slipway.backup.mariadb;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a dump holds, as it says itself: objects by their kind, tables with their rows, and whether it came to its end.
final class DumpContents implements DumpScan.Parts {
    private static final Pattern TABLE = Pattern.compile("CREATE TABLE `((?:[^`]|``)+)` \\(");
    private static final Pattern IN_COMMENT =
            Pattern.compile("/\\*!\\d+ CREATE\\*/ .*?/\\*!\\d+ .*?\\b(TRIGGER|EVENT)\\b", Pattern.CASE_INSENSITIVE);

    private final SortedMap<String, Long> tables = new TreeMap<>();
    private final SortedMap<String, Long> objects = new TreeMap<>();
    private @Nullable String refused;
    private boolean pastHeader;
    private boolean complete;

    @Override
    public void line(String line, DumpScan.Place place) {
        switch (place) {
            case PLAIN -> plain(line);
            case HEADING -> heading(line);
            case BODY -> {}
        }
    }

    @Override
    public void data(byte[] bytes, int offset, int length) {
        complete = false;
    }

    @Override
    public void inserted(String table, long rows) {
        tables.merge(table, rows, Long::sum);
    }

    /// Whether it said what it says when it has told everything, and nothing after it.
    boolean isComplete() {
        return complete;
    }

    /// Whether the program is past what it writes before its transaction begins.
    boolean isPastHeader() {
        return pastHeader;
    }

    /// Table → rows.
    SortedMap<String, Long> tables() {
        return Collections.unmodifiableSortedMap(tables);
    }

    /// Kind of object → how many.
    SortedMap<String, Long> objects() {
        SortedMap<String, Long> all = new TreeMap<>(objects);
        Objects.tell(all, Objects.TABLES, tables.size());
        return all;
    }

    /// What the program was not allowed to write, in its words; null when it could write everything.
    @Nullable
    String refused() {
        return refused;
    }

    private void plain(String line) {
        if (line.isEmpty()) {
            return;
        }
        complete = line.startsWith("-- Dump completed");
        if (line.startsWith("DROP ") || line.startsWith("CREATE ") || line.startsWith("-- Dumping ") || complete) {
            pastHeader = true;
        }
        Matcher table = TABLE.matcher(line);
        if (table.lookingAt()) {
            tables.putIfAbsent(utf8(table.group(1)).replace("``", "`"), 0L);
        } else if (line.startsWith("CREATE SEQUENCE `")) {
            count(Objects.SEQUENCES);
        } else if (line.startsWith("/*!50001 VIEW `")) {
            count(Objects.VIEWS);
        } else if (line.startsWith("-- insufficient privileges")) {
            refused = line.substring(3);
        }
    }

    private void heading(String line) {
        complete = false;
        Matcher commented = IN_COMMENT.matcher(line);
        if (line.startsWith("CREATE ")) {
            count(Objects.ROUTINES);
        } else if (commented.lookingAt()) {
            count(commented.group(1).equalsIgnoreCase("TRIGGER") ? Objects.TRIGGERS : Objects.EVENTS);
        }
    }

    private void count(String kind) {
        objects.merge(kind, 1L, Long::sum);
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
