package dev.slipway.deploy.step;

import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.ReleaseWork;
import dev.slipway.deploy.step.BeginStep.Turn;
import dev.slipway.deploy.step.StepResult.Broke;
import dev.slipway.deploy.step.StepResult.Done;
import dev.slipway.deploy.step.StepResult.NotYet;
import dev.slipway.deploy.step.StepResult.Stuck;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import dev.slipway.telemetry.Traces;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/// Carries a release's plan out, one step per turn: begin it and write that down, do it, write down how it went. There
/// is one piece of due work per release, so never two hands are at the same plan; what dies between doing and writing
/// down is found as a step that is still running, and its handler knows that it was taken over.
@Singleton
public final class StepWork implements WorkHandler {
    private static final Logger LOG = Logger.getLogger(StepWork.class);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(15);

    /// How long an answer that may lie in the inbox is waited for after its time: this service may have been away.
    static final Duration LATE = Duration.ofSeconds(20);

    private final Jdbi jdbi;
    private final Clock clock;
    private final BeginStep begin;
    private final RecordStep record;
    private final Map<StepKind, StepHandler> handlers = new EnumMap<>(StepKind.class);

    StepWork(Jdbi jdbi, Clock clock, BeginStep begin, RecordStep record, @All List<StepHandler> handlers) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.begin = begin;
        this.record = record;
        handlers.forEach(handler -> handler.kinds().forEach(kind -> this.handlers.put(kind, handler)));
        for (StepKind kind : StepKind.values()) {
            if (!this.handlers.containsKey(kind)) {
                throw new IllegalStateException("nobody does steps of kind " + kind.tag());
            }
        }
    }

    @Override
    public String kind() {
        return ReleaseWork.STEP;
    }

    @Override
    public WorkResult run(WorkItem item) {
        UUID release = UUID.fromString(item.id());
        Turn turn = jdbi.inTransaction(tx -> begin.begin(tx, release, handlers));
        return switch (turn) {
            case Turn.Nothing _ -> WorkResult.done(_ -> {});
            case Turn.Later later -> WorkResult.again(later.at(), _ -> {});
            case Turn.Go go -> step(release, go.context());
        };
    }

    private WorkResult step(UUID release, StepContext context) {
        try (Traces.Facts _ = Traces.facts()
                .with(Traces.CHAIN, context.release().candidate())
                .with(Traces.RELEASE, release)
                .with(Traces.APPLICATION, context.release().ref().application())
                .with("step", context.step().kind().tag())) {
            LOG.infof(
                    "release=%s step=%s kind=%s attempt=%d taken_over=%s",
                    release,
                    context.step().id(),
                    context.step().kind().tag(),
                    context.step().attempts(),
                    context.takenOver());
            return recorded(context, settle(context, doIt(context)));
        }
    }

    /// An exception is the runner's to back off from, until the step's time is over.
    private StepResult doIt(StepContext context) {
        try {
            return handlers.get(context.step().kind()).run(context);
        } catch (RuntimeException e) {
            if (clock.instant().isBefore(context.deadline())) {
                throw e;
            }
            LOG.warnf(e, "step=%s gives up", context.step().id());
            return StepResult.broke("gave up at %s: %s".formatted(context.deadline(), e));
        }
    }

    /// Makes sure that waiting and retrying end.
    private StepResult settle(StepContext context, StepResult result) {
        Instant now = clock.instant();
        return switch (result) {
            case Done _, Stuck _ -> result;
            case NotYet _ when mayStillCome(context.step(), now) -> result;
            case NotYet wait -> overdue(context.step(), wait);
            case Broke broke
            when broke.retryable() && now.plus(backOff(context.step())).isBefore(context.deadline()) -> result;
            case Broke broke -> new Broke(broke.reason(), false, broke.lines(), broke.events(), broke.facts());
        };
    }

    /// A step that is seen past its deadline for the first time gets a last while.
    private static boolean mayStillCome(Step step, Instant now) {
        return step.overdueAt() == null || now.isBefore(step.overdueAt().plus(LATE));
    }

    /// Nobody answered. For the watch's silence a person decides; anything else has simply failed.
    private static StepResult overdue(Step step, NotYet wait) {
        String reason = "%s, and had time until %s".formatted(wait.why(), step.deadline());
        return step.kind() == StepKind.TRAFFIC || step.kind() == StepKind.WATCH
                ? new Stuck(reason, List.of(), List.of())
                : StepResult.broke(reason);
    }

    private WorkResult recorded(StepContext context, StepResult result) {
        Instant now = clock.instant();
        return switch (result) {
            case NotYet wait -> {
                boolean late = !now.isBefore(context.deadline());
                Instant again = late ? now.plus(LATE) : wait.again();
                yield WorkResult.again(again, tx -> record.waits(tx, context, wait, late));
            }
            case Broke broke
            when broke.retryable() ->
                WorkResult.again(now.plus(backOff(context.step())), tx -> record.triesAgain(tx, context, broke));
            case Done done -> WorkResult.done(tx -> record.done(tx, context, done));
            case Broke broke -> WorkResult.done(tx -> record.broke(tx, context, broke));
            case Stuck stuck -> WorkResult.done(tx -> record.stuck(tx, context, stuck));
        };
    }

    private static Duration backOff(Step step) {
        Duration wait = Duration.ofMillis(500L << Math.min(step.attempts(), 10));
        return wait.compareTo(LONGEST_BACK_OFF) < 0 ? wait : LONGEST_BACK_OFF;
    }
}
