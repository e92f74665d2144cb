package dev.slipway.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.monitor.evidence.Counts;
import dev.slipway.monitor.evidence.WindowMixture;
import dev.slipway.monitor.manifest.WatchSettings;
import dev.slipway.monitor.sample.SampleLog.Silence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WatchRulesTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final double NONE = Double.NEGATIVE_INFINITY;
    private static final double BOUND = WatchSettings.USUAL.rollbackBound();
    private static final Counts SOME = new Counts(200, 2, 1800, 9);
    private static final Counts NOTHING = new Counts(0, 0, 1800, 9);
    private static final List<WatchState.Open> STATES = List.of(
            new WatchState.Watching("so far"),
            new WatchState.Held(START, "held before"),
            new WatchState.Passed(START, "passed before"));

    @Test
    void shouldDecideAsTheTableSays() throws IOException {
        String source = Files.readString(Path.of("src/main/java/dev/slipway/monitor/watch/WatchRules.java"));
        String documented = source.lines()
                .filter(line -> line.startsWith("/// |"))
                .map(line -> line.substring("/// ".length()))
                .collect(Collectors.joining("\n"));

        assertThat(table()).isEqualTo(documented);
    }

    private static String table() {
        List<String> rows = new ArrayList<>();
        rows.add("| found \\ state | "
                + STATES.stream().map(state -> state.getClass().getSimpleName()).collect(Collectors.joining(" | "))
                + " |");
        rows.add("| --- | --- | --- | --- |");
        rows().forEach((name, judge) -> rows.add("| %s | %s |"
                .formatted(
                        name,
                        STATES.stream().map(judge).map(WatchRulesTest::cell).collect(Collectors.joining(" | ")))));
        return String.join("\n", rows);
    }

    private static String cell(Verdict verdict) {
        return verdict instanceof Verdict.Hold hold ? "hold (%s)".formatted(hold.cause()) : verdict.label();
    }

    private static Map<String, Function<WatchState.Open, Verdict>> rows() {
        Map<String, Function<WatchState.Open, Verdict>> rows = new LinkedHashMap<>();
        rows.put("much worse", judge(step("hold"), 60, SOME, BOUND, BOUND, 0));
        rows.put("little worse", judge(step("promote"), 60, SOME, NONE, BOUND, 4));
        rows.put("suspicious", judge(step("promote"), 60, SOME, 2.4, 2.4, 4));
        rows.put("suspicious, time over", judge(step("promote"), 300, SOME, 2.4, 2.4, 4));
        rows.put("not worse", judge(step("hold"), 60, SOME, NONE, NONE, 4));
        rows.put("not worse, too early", judge(step("hold"), 14, SOME, NONE, NONE, 4));
        rows.put("unclear", judge(step("promote"), 60, SOME, NONE, 1, 2));
        rows.put("unclear, time over, hold", judge(step("hold"), 300, SOME, NONE, 1, 2));
        rows.put("unclear, time over, promote", judge(step("promote"), 300, SOME, NONE, 1, 2));
        rows.put("no request, time over, promote", judge(step("promote"), 300, NOTHING, NONE, NONE, 0));
        rows.put("strict watch, not over", judge(strict("hold"), 60, SOME, NONE, 1, 9));
        rows.put("strict watch, over", judge(strict("hold"), 300, SOME, NONE, 1, 0));
        rows.put("strict watch, over, suspicious", judge(strict("promote"), 300, SOME, 2.4, 2.4, 0));
        rows.put("strict watch, over, no request", judge(strict("hold"), 300, NOTHING, NONE, NONE, 0));
        rows.put("sample missed", silence(14));
        rows.put("source broken", silence(15));
        return rows;
    }

    private static Function<WatchState.Open, Verdict> judge(
            StepTerms terms, int second, Counts counts, double gated, double ungated, double promote) {
        Findings found = new Findings(
                START,
                START.plusSeconds(second),
                counts,
                new WindowMixture(gated, ungated, counts),
                promote,
                counts.difference(),
                1,
                0);
        return state -> WatchRules.judge(state, terms, found);
    }

    private static Function<WatchState.Open, Verdict> silence(int seconds) {
        Silence silence = new Silence(START, START.plusSeconds(seconds), "cannot be reached");
        return state -> WatchRules.judge(state, WatchSettings.USUAL, silence);
    }

    private static StepTerms step(String undecided) {
        return terms(false, undecided);
    }

    private static StepTerms strict(String undecided) {
        return terms(true, undecided);
    }

    private static StepTerms terms(boolean last, String undecided) {
        return new StepTerms(
                last,
                START,
                Duration.ofSeconds(15),
                Duration.ofMinutes(5),
                undecided.equals("promote"),
                WatchSettings.USUAL);
    }

    @Test
    void shouldNotPromoteWithoutEnoughRequestsWhateverTheEvidence() {
        Verdict verdict = judge(step("hold"), 60, new Counts(19, 0, 100, 0), NONE, NONE, 99)
                .apply(STATES.getFirst());

        assertThat(verdict).isInstanceOf(Verdict.Continue.class);
    }

    @Test
    void shouldNotPromoteUnprovenWhatLooksWorse() {
        Verdict verdict = judge(step("promote"), 300, new Counts(40, 2, 400, 4), 0.1, 0.1, 0)
                .apply(STATES.getFirst());

        assertThat(verdict).isInstanceOf(Verdict.Hold.class);
    }

    @Test
    void shouldSayWhatItSaw() {
        Verdict verdict =
                judge(step("hold"), 60, new Counts(64, 13, 570, 1), 8.1, 8.1, 0).apply(STATES.getFirst());

        assertThat(verdict.reason())
                .isEqualTo("the candidate fails more: 13 of 64 requests failed (20.3 %), 1 of 570 of the baseline's"
                        + " (0.2 %); evidence ×3,294, needed ×250");
    }
}
