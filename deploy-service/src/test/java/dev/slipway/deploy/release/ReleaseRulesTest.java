package dev.slipway.deploy.release;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Decision.Ignore;
import dev.slipway.deploy.release.Decision.Move;
import dev.slipway.deploy.release.Decision.Refuse;
import dev.slipway.deploy.release.ReleaseSignal.CalledBack;
import dev.slipway.deploy.release.ReleaseSignal.Cancel;
import dev.slipway.deploy.release.ReleaseSignal.Choose;
import dev.slipway.deploy.release.ReleaseSignal.DeadlinePassed;
import dev.slipway.deploy.release.ReleaseSignal.GatesAnswered;
import dev.slipway.deploy.release.ReleaseSignal.Pause;
import dev.slipway.deploy.release.ReleaseSignal.PlanFinished;
import dev.slipway.deploy.release.ReleaseSignal.Resume;
import dev.slipway.deploy.release.ReleaseSignal.Rollback;
import dev.slipway.deploy.release.ReleaseSignal.Started;
import dev.slipway.deploy.release.ReleaseSignal.StepBegan;
import dev.slipway.deploy.release.ReleaseSignal.StepBroke;
import dev.slipway.deploy.release.ReleaseSignal.StepDone;
import dev.slipway.deploy.release.ReleaseSignal.StepStuck;
import dev.slipway.deploy.release.ReleaseSignal.Superseded;
import dev.slipway.deploy.release.ReleaseSignal.WatchHeld;
import dev.slipway.deploy.release.ReleaseSignal.WatchPassed;
import dev.slipway.deploy.release.ReleaseState.Active;
import dev.slipway.deploy.release.ReleaseState.Course;
import dev.slipway.deploy.release.ReleaseState.Created;
import dev.slipway.deploy.release.ReleaseState.Extent;
import dev.slipway.deploy.release.ReleaseState.Gated;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.release.ReleaseState.Paused;
import dev.slipway.deploy.release.ReleaseState.Ready;
import dev.slipway.deploy.release.ReleaseState.RollingBack;
import dev.slipway.deploy.release.ReleaseState.Running;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.release.ReleaseState.Watching;
import dev.slipway.deploy.release.ReleaseState.WayBack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReleaseRulesTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    /// After every deadline below.
    private static final Instant NOW = Instant.parse("2026-04-01T10:00:00Z");

    private static final Instant DEADLINE = START.plus(Moves.HELD_FOR);
    private static final UUID STEP = UUID.nameUUIDFromBytes(new byte[] {1});
    private static final Running RUNNING = new Running(new Course(4, START, WayBack.OPEN));
    private static final Running RUNNING_X = new Running(new Course(4, START, WayBack.CLOSED));
    private static final Running FIRST = new Running(new Course(1, START, WayBack.NONE));
    private static final RollingBack ROLLING_BACK =
            new RollingBack(RUNNING.course(), Outcome.ROLLED_BACK, Extent.EVERYTHING, "watch", "5 % errors", START);

    @Test
    void shouldDecideAsTheTableInTheJavadocSays() throws IOException {
        String javadoc = Files.readString(Path.of("src/main/java/dev/slipway/deploy/release/ReleaseRules.java"));

        String table = table();

        String written = javadoc.lines()
                .filter(line -> line.startsWith("///"))
                .map(line -> line.length() < 4 ? "" : line.substring(4))
                .dropWhile(line -> !line.equals("```text"))
                .skip(1)
                .takeWhile(line -> !line.equals("```"))
                .collect(joining("\n"));
        assertThat(written).as("the table should be:%n%s", table).isEqualTo(table);
    }

    @Test
    void shouldAnswerCancelAndPauseInEveryState() {
        states().forEach((name, state) -> {
            assertThat(decide(state, new Cancel("mara", "")).why()).as(name).isNotBlank();
            assertThat(decide(state, new Pause("mara", "")).why()).as(name).isNotBlank();
        });
    }

    @Test
    void shouldEndEveryWaitAtItsDeadline() {
        for (ReleaseState state : states().values()) {
            switch (state) {
                case ReleaseState.Waiting _, Paused _, Held _ ->
                    assertThat(decide(state, new DeadlinePassed())).isInstanceOf(Move.class);
                case Active _, RollingBack _, Settled _ ->
                    assertThat(decide(state, new DeadlinePassed())).isInstanceOf(Ignore.class);
            }
        }
    }

    @Test
    void shouldNotEndAWaitBeforeItsDeadline() {
        for (ReleaseState state : states().values()) {
            assertThat(ReleaseRules.decide(state, new DeadlinePassed(), START)).isInstanceOf(Ignore.class);
        }
    }

    @Test
    void shouldHoldInsteadOfUndoingWhenTheSchemaMayNotFitTheReleaseBefore() {
        Decision decision = decide(RUNNING_X, new CalledBack("5 % errors"));

        Held held = (Held) ((Move) decision).next();
        assertThat(held.choices()).containsExactly(Choice.CONTINUE, Choice.ROLLBACK, Choice.ABANDON);
        assertThat(held.reason()).contains("5 % errors", "schema");
        assertThat(held.deadline()).isEqualTo(NOW.plus(Moves.HELD_FOR));
    }

    @Test
    void shouldLeaveThingsAsTheyAreWhenNobodyChoosesAndTheSchemaHasChanged() {
        Held held = held(RUNNING_X, Choice.ROLLBACK, Choice.ABANDON);

        Decision decision = decide(held, new DeadlinePassed());

        RollingBack back = (RollingBack) ((Move) decision).next();
        assertThat(back.extent()).isEqualTo(Extent.MAINTENANCE_ONLY);
        assertThat(back.outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void shouldOpenTheWayBackAgainWhenTheMigrationChangedNothing() {
        Decision began = decide(RUNNING, new StepBegan(STEP, StepKind.MIGRATE, Direction.FORWARD, true));
        Running migrating = (Running) ((Move) began).next();

        Decision done = decide(migrating, new StepDone(STEP, Direction.FORWARD, true));

        assertThat(migrating.course().wayBack()).isEqualTo(WayBack.CLOSED);
        assertThat(((Move) done).next()).isEqualTo(RUNNING);
    }

    @Test
    void shouldSayThatAFirstReleaseHasNowhereToGoBackTo() {
        Decision decision = decide(FIRST, new CalledBack("5 % errors"));

        RollingBack back = (RollingBack) ((Move) decision).next();
        assertThat(back.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(back.reason()).contains("no release before");
    }

    @Test
    void shouldGoOnWhenTheEvidenceComesAfterTheWatchHeldIt() {
        Held held = (Held) ((Move) decide(RUNNING, new WatchHeld(STEP, StepKind.TRAFFIC, "too few requests"))).next();

        Decision decision = decide(held, new WatchPassed(STEP, "enough now"));

        assertThat(((Move) decision).next()).isEqualTo(RUNNING);
    }

    @Test
    void shouldStayHeldWhenAnotherStepsEvidenceComes() {
        Held held = (Held) ((Move) decide(RUNNING, new WatchHeld(STEP, StepKind.TRAFFIC, "too few requests"))).next();

        Decision decision = decide(held, new WatchPassed(UUID.randomUUID(), "enough"));

        assertThat(((Move) decision).next()).isEqualTo(held);
    }

    @Test
    void shouldSettleAsWhatTheReleaseWasCalledBackFor() {
        Decision decision = decide(ROLLING_BACK, new PlanFinished(Direction.BACK));

        assertThat(((Move) decision).next())
                .isEqualTo(new Settled(Outcome.ROLLED_BACK, "5 % errors", RUNNING.course(), NOW));
    }

    @Test
    void shouldRefuseAChoiceThatIsNotOffered() {
        Decision decision = decide(held(RUNNING, Choice.ROLLBACK), new Choose(Choice.RETRY, "mara", ""));

        assertThat(decision).isInstanceOf(Refuse.class);
        assertThat(decision.why()).contains("rollback");
    }

    private static Held held(ReleaseState.UnderWay of, Choice... choices) {
        return new Held(of, STEP, "somebody must look", List.of(choices), START, DEADLINE);
    }

    private static Decision decide(ReleaseState state, ReleaseSignal signal) {
        return ReleaseRules.decide(state, signal, NOW);
    }

    private static SequencedMap<String, ReleaseState> states() {
        Gated gated = new Gated(List.of("approvals"), DEADLINE);
        SequencedMap<String, ReleaseState> states = new LinkedHashMap<>();
        states.put("Created", new Created(DEADLINE));
        states.put("Gated", gated);
        states.put("Ready", new Ready(DEADLINE));
        states.put("Running", RUNNING);
        states.put("RunningX", RUNNING_X);
        states.put("Watching", new Watching(RUNNING.course(), START));
        states.put("Paused of Gated", new Paused(gated, "mara", "lunch", START, DEADLINE));
        states.put("Paused of Running", new Paused(RUNNING, "mara", "lunch", START, DEADLINE));
        states.put("Held of Running", held(RUNNING, Choice.values()));
        states.put("HeldX of Running", held(RUNNING_X, Choice.values()));
        states.put("Held of RollingBack", held(ROLLING_BACK, Choice.RETRY, Choice.ABANDON));
        states.put("RollingBack", ROLLING_BACK);
        states.put("Settled completed", new Settled(Outcome.COMPLETED, "done", RUNNING.course(), START));
        states.put("Settled rolledBack", new Settled(Outcome.ROLLED_BACK, "errors", RUNNING.course(), START));
        states.put("Settled cancelled", new Settled(Outcome.CANCELLED, "no", null, START));
        return states;
    }

    private static SequencedMap<String, ReleaseSignal> signals() {
        SequencedMap<String, ReleaseSignal> signals = new LinkedHashMap<>();
        signals.put("GatesAnswered open", new GatesAnswered(List.of(), null));
        signals.put("GatesAnswered closed", new GatesAnswered(List.of("backup"), null));
        signals.put("GatesAnswered denied", new GatesAnswered(List.of("soak"), "never was in staging"));
        signals.put("Started", new Started(4, WayBack.OPEN));
        signals.put("Superseded", new Superseded(STEP));
        signals.put("StepBegan deploy", new StepBegan(STEP, StepKind.DEPLOY, Direction.FORWARD, false));
        signals.put("StepBegan migrate X", new StepBegan(STEP, StepKind.MIGRATE, Direction.FORWARD, true));
        signals.put("StepBegan watch", new StepBegan(STEP, StepKind.WATCH, Direction.FORWARD, false));
        signals.put("StepBegan back", new StepBegan(STEP, StepKind.TRAFFIC_BACK, Direction.BACK, false));
        signals.put("StepDone", new StepDone(STEP, Direction.FORWARD, false));
        signals.put("StepDone no change", new StepDone(STEP, Direction.FORWARD, true));
        signals.put("StepDone back", new StepDone(STEP, Direction.BACK, false));
        signals.put("StepBroke", new StepBroke(STEP, Direction.FORWARD, "exit code 1", false));
        signals.put("StepBroke no change", new StepBroke(STEP, Direction.FORWARD, "exit code 1", true));
        signals.put("StepBroke back", new StepBroke(STEP, Direction.BACK, "no answer", false));
        signals.put("StepStuck", new StepStuck(STEP, Direction.FORWARD, "nobody can tell"));
        signals.put("StepStuck back", new StepStuck(STEP, Direction.BACK, "nobody can tell"));
        signals.put("PlanFinished", new PlanFinished(Direction.FORWARD));
        signals.put("PlanFinished back", new PlanFinished(Direction.BACK));
        signals.put("WatchPassed", new WatchPassed(STEP, "not worse"));
        signals.put("WatchHeld", new WatchHeld(STEP, StepKind.TRAFFIC, "too few requests"));
        signals.put("CalledBack", new CalledBack("5 % errors"));
        signals.put("Rollback", new Rollback("mara", "looks bad"));
        signals.put("Cancel", new Cancel("mara", "not today"));
        signals.put("Pause", new Pause("mara", "lunch"));
        signals.put("Resume", new Resume("mara"));
        signals.put("Choose retry", new Choose(Choice.RETRY, "mara", ""));
        signals.put("Choose continue", new Choose(Choice.CONTINUE, "mara", ""));
        signals.put("Choose rollback", new Choose(Choice.ROLLBACK, "mara", ""));
        signals.put("Choose abandon", new Choose(Choice.ABANDON, "mara", ""));
        signals.put("DeadlinePassed", new DeadlinePassed());
        return signals;
    }

    /// One line per state; in it the signals by what they do.
    private static String table() {
        StringBuilder table = new StringBuilder();
        states().forEach((name, state) -> {
            if (!table.isEmpty()) {
                table.append("\n\n");
            }
            table.append(name);
            // '>' before '=' before 'x' before '·', then by name
            Map<String, List<String>> bySign =
                    new TreeMap<>(Comparator.comparing((String sign) -> ">=x·".indexOf(sign.charAt(0)))
                            .thenComparing(Comparator.naturalOrder()));
            signals()
                    .forEach((signal, value) -> bySign.computeIfAbsent(
                                    sign(state, decide(state, value)), _ -> new ArrayList<>())
                            .add(signal));
            bySign.forEach((sign, names) -> table.append(lines(sign, names)));
        });
        return table.toString();
    }

    private static String lines(String sign, List<String> signals) {
        StringBuilder lines = new StringBuilder();
        String line = "  %-30s".formatted(sign);
        for (String signal : signals) {
            if (line.length() + signal.length() > 114) {
                lines.append("\n").append(line.stripTrailing());
                line = " ".repeat(32);
            }
            line += signal + (signal.equals(signals.getLast()) ? "" : ", ");
        }
        return lines.append("\n").append(line.stripTrailing()).toString();
    }

    private static String sign(ReleaseState from, Decision decision) {
        return switch (decision) {
            case Move move when move.next().equals(from) -> "=";
            case Move move -> "> " + name(move.next());
            case Ignore _ -> "·";
            case Refuse _ -> "x";
        };
    }

    private static String name(ReleaseState state) {
        return switch (state) {
            case Active active ->
                active.getClass().getSimpleName() + (active.course().wayBack() == WayBack.CLOSED ? "X" : "");
            case RollingBack back ->
                "RollingBack "
                        + (back.extent() == Extent.EVERYTHING
                                ? back.outcome().tag()
                                : back.extent().tag());
            case Settled settled -> "Settled " + settled.outcome().tag();
            case Held held ->
                (held.of() instanceof Active active && active.course().wayBack() == WayBack.CLOSED ? "HeldX" : "Held")
                        + " of " + held.of().getClass().getSimpleName();
            case Paused paused -> "Paused of " + paused.of().getClass().getSimpleName();
            case Created _, Gated _, Ready _ -> state.getClass().getSimpleName();
        };
    }
}
