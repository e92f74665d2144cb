package dev.slipway.trials.intake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.trials.intake.CrashTrial.Losses;
import dev.slipway.trials.intake.Wrk.Round;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What came out, as a table and as JSON. The middle one of the rounds stands for all of them.
final class IntakeReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Integer, Map<String, List<Round>>> rounds = new LinkedHashMap<>();
    private final Map<String, Losses> losses = new LinkedHashMap<>();

    void add(int bytes, String contender, Round round) {
        rounds.computeIfAbsent(bytes, _ -> new LinkedHashMap<>())
                .computeIfAbsent(contender, _ -> new ArrayList<>())
                .add(round);
    }

    void add(String contender, Losses lost) {
        losses.put(contender, lost);
    }

    /// @param own whose rate is given as a multiple of the other's
    void print(PrintStream out, String own, String other) {
        out.printf(
                "%n%-8s %-16s %12s %9s %9s %9s %9s%n", "body", "", "accepted/s", "p50 ms", "p99 ms", "refused", "MB");
        rounds.forEach((bytes, by) -> {
            by.forEach((name, all) -> out.printf(
                    "%-8s %-16s %12.0f %9.1f %9.1f %9.0f %9.0f%n",
                    bytes / 1000 + " KB",
                    name,
                    middle(all, Round::acceptedPerSecond),
                    middle(all, round -> millis(round.p50())),
                    middle(all, round -> millis(round.p99())),
                    middle(all, Round::refused),
                    middle(all, Round::peakMemory)));
            out.printf("%-8s %-16s %12.2f%n", "", "ratio", ratio(by.get(own), by.get(other)));
        });
        out.printf("%nkilled with signal 9 in full flight%n");
        losses.forEach((name, lost) -> out.printf("%-16s accepted %d, lost %d%n", name, lost.accepted(), lost.lost()));
    }

    void write(Path file, String own, String other) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        rounds.forEach((bytes, by) -> {
            ObjectNode size = root.putObject("bytes" + bytes);
            by.forEach((name, all) -> size.putObject(name)
                    .put("acceptedPerSecond", middle(all, Round::acceptedPerSecond))
                    .put("p50Millis", middle(all, round -> millis(round.p50())))
                    .put("p99Millis", middle(all, round -> millis(round.p99())))
                    .put("refused", middle(all, Round::refused))
                    .put("peakMegabytes", middle(all, Round::peakMemory)));
            size.put("ratio", ratio(by.get(own), by.get(other)));
        });
        losses.forEach((name, lost) -> root.withObject("/killed")
                .putObject(name)
                .put("accepted", lost.accepted())
                .put("lost", lost.lost()));
        Files.createDirectories(file.getParent());
        Files.writeString(file, root.toPrettyString() + "\n");
    }

    /// Of each pair of neighbouring rounds, so that what else the machine does at the time meets both.
    private static double ratio(List<Round> own, List<Round> other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(own.size(), other.size()); i++) {
            ratios.add(own.get(i).acceptedPerSecond() / other.get(i).acceptedPerSecond());
        }
        return ratios.stream().sorted().toList().get(ratios.size() / 2);
    }

    private static double middle(List<Round> all, ToDoubleFunction<Round> figure) {
        return all.stream().mapToDouble(figure).sorted().toArray()[all.size() / 2];
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
