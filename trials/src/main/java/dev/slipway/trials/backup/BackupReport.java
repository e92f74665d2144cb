package dev.slipway.trials.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What came out, as a table and as JSON. Ratios are taken within a round; the middle one stands for all.
final class BackupReport {
    static final String DUMP = "pg_dump -Fc";
    static final String PIPE = "pg_dump -Z0 | zstd -3";
    static final String PHYSICAL = "pgBackRest (whole cluster)";
    static final String FAST = "capture, zstd";
    static final String GZIP = "capture, gzip";
    static final String READBACK = "readback";
    static final String DRILL = "drill";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Map<String, Double>> rounds = new ArrayList<>();
    private final Map<String, Long> stored = new LinkedHashMap<>();
    private final List<Goal> goals = new ArrayList<>();

    private record Goal(String what, double found, double most) {
        boolean met() {
            return found <= most;
        }
    }

    void round() {
        rounds.add(new LinkedHashMap<>());
    }

    void add(String what, Duration took) {
        rounds.getLast().put(what, took.toNanos() / 1e9);
    }

    void add(String what, Ways.Taken taken) {
        add(what, taken.took());
        stored.put(what, taken.storedBytes());
    }

    /// @param found something that is not a ratio of times
    void goal(String what, double found, double most) {
        goals.add(new Goal(what, found, most));
    }

    /// Fixed by what people may rely on, not by what was reached.
    private List<Goal> all() {
        List<Goal> all = new ArrayList<>(List.of(
                new Goal("capture, zstd / pg_dump -Fc", ratio(FAST, DUMP), 0.45),
                new Goal("capture, zstd / the shell's pipe", ratio(FAST, PIPE), 1.25),
                new Goal("capture, gzip / pg_dump -Fc", ratio(GZIP, DUMP), 1.05),
                new Goal("readback of both copies / pg_dump -Fc", ratio(READBACK, DUMP), 0.15),
                new Goal("drill / pg_dump -Fc", ratio(DRILL, DUMP), 1.0)));
        all.addAll(goals);
        return all;
    }

    void print(PrintStream out) {
        out.printf("%n%-28s %10s %14s %10s%n", "", "seconds", "/ pg_dump -Fc", "MB");
        rounds.getFirst()
                .keySet()
                .forEach(what -> out.printf(
                        Locale.ROOT,
                        "%-28s %10.1f %14.2f %10s%n",
                        what,
                        middle(rounds.stream().map(round -> round.get(what)).toList()),
                        ratio(what, DUMP),
                        stored.containsKey(what) ? Long.toString(stored.get(what) / 1_000_000) : ""));
        out.println();
        all().forEach(goal -> out.printf(
                Locale.ROOT,
                "%-48s %8.2f  goal %6.2f  %s%n",
                goal.what(),
                goal.found(),
                goal.most(),
                goal.met() ? "met" : "MISSED"));
    }

    void write(Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.set("rounds", JSON.valueToTree(rounds));
        root.set("storedBytes", JSON.valueToTree(stored));
        all().forEach(goal -> root.withArray("/goals")
                .addObject()
                .put("what", goal.what())
                .put("found", goal.found())
                .put("most", goal.most())
                .put("met", goal.met()));
        Files.writeString(file, root.toPrettyString() + "\n");
    }

    private double ratio(String what, String beside) {
        return middle(rounds.stream()
                .map(round -> round.get(what) / round.get(beside))
                .toList());
    }

    private static double middle(List<Double> all) {
        return all.stream().sorted().toList().get(all.size() / 2);
    }
}
