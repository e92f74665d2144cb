package dev.slipway.trials.events;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.trials.events.IdleSuite.Latency;
import dev.slipway.trials.events.IdleSuite.Times;
import dev.slipway.trials.events.Load.Round;
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

/// What came out, as a table and as JSON. The middle one of the rounds stands for all of them; ratios are of rounds
/// that were neighbours, so that what else the machine does meets both.
final class EventsReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Latency idle;
    private final Map<String, Map<String, List<Round>>> rounds = new LinkedHashMap<>();

    EventsReport(Latency idle) {
        this.idle = idle;
    }

    void add(Load load, Way way, Round round) {
        rounds.computeIfAbsent(load.name(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(way.name(), _ -> new ArrayList<>())
                .add(round);
    }

    /// @param own whose figures are given as multiples of the other's
    void print(PrintStream out, String own, String other) {
        out.printf("%n%-12s %-16s %10s %10s %10s%n", "said", "", "words/s", "p50 ms", "p99 ms");
        rounds.forEach((load, by) -> {
            by.forEach((name, all) -> out.printf(
                    "%-12s %-16s %10.0f %10.1f %10.1f%n",
                    load,
                    name,
                    middle(all, Round::perSecond),
                    middle(all, EventsReport::p50),
                    middle(all, EventsReport::p99)));
            out.printf(
                    "%-12s %-16s %10.2f %10.2f %10.2f%n",
                    "",
                    "ratio",
                    ratio(by, own, other, Round::perSecond),
                    ratio(by, own, other, EventsReport::p50),
                    ratio(by, own, other, EventsReport::p99));
        });
        out.printf("%nidle suite, %d events, ms %13s %10s%n", idle.events(), "p50", "p99");
        print(out, "written → visible", idle.whole());
        print(out, "  written → in the inbox", idle.toInbox());
        print(out, "  in the inbox → handled", idle.toWorker());
        print(out, "  handled → committed", idle.toCommit());
    }

    private static void print(PrintStream out, String name, Times times) {
        out.printf("%-30s %10.1f %10.1f%n", name, millis(times.p50()), millis(times.p99()));
    }

    void write(Path file, String own, String other) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        rounds.forEach((load, by) -> {
            ObjectNode said = root.putObject(load);
            by.forEach((name, all) -> said.putObject(name)
                    .put("perSecond", middle(all, Round::perSecond))
                    .put("p50Millis", middle(all, EventsReport::p50))
                    .put("p99Millis", middle(all, EventsReport::p99)));
            said.putObject("ratio")
                    .put("perSecond", ratio(by, own, other, Round::perSecond))
                    .put("p50", ratio(by, own, other, EventsReport::p50))
                    .put("p99", ratio(by, own, other, EventsReport::p99));
        });
        ObjectNode quiet = root.putObject("idle").put("events", idle.events());
        write(quiet, "whole", idle.whole());
        write(quiet, "toInbox", idle.toInbox());
        write(quiet, "toWorker", idle.toWorker());
        write(quiet, "toCommit", idle.toCommit());
        Files.createDirectories(file.getParent());
        Files.writeString(file, root.toPrettyString() + "\n");
    }

    private static void write(ObjectNode parent, String name, Times times) {
        parent.putObject(name).put("p50Millis", millis(times.p50())).put("p99Millis", millis(times.p99()));
    }

    private static double ratio(Map<String, List<Round>> by, String own, String other, ToDoubleFunction<Round> figure) {
        List<Round> ours = by.get(own);
        List<Round> theirs = by.get(other);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            ratios.add(figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i)));
        }
        return ratios.stream().sorted().toList().get(ratios.size() / 2);
    }

    private static double middle(List<Round> all, ToDoubleFunction<Round> figure) {
        return all.stream().mapToDouble(figure).sorted().toArray()[all.size() / 2];
    }

    private static double p50(Round round) {
        return millis(round.p50());
    }

    private static double p99(Round round) {
        return millis(round.p99());
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
