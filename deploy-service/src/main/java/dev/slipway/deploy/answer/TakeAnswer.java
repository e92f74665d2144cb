package dev.slipway.deploy.answer;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.gate.TakeBackupAnswer;
import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.Steps;
import dev.slipway.deploy.release.Decision;
import dev.slipway.deploy.release.History;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseSignal.CalledBack;
import dev.slipway.deploy.release.ReleaseSignal.Verdict;
import dev.slipway.deploy.release.ReleaseSignal.WatchHeld;
import dev.slipway.deploy.release.ReleaseSignal.WatchPassed;
import dev.slipway.deploy.release.ReleaseWork;
import dev.slipway.deploy.release.Releases;
import dev.slipway.deploy.release.SignalRelease;
import dev.slipway.eventing.Handled;
import dev.slipway.events.EventData;
import dev.slipway.events.RollbackRequested;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Takes what other services answer. One that is late, came before, or belongs to nobody here changes nothing, and the
/// release's history says why.
@Singleton
public final class TakeAnswer {
    private static final Logger LOG = Logger.getLogger(TakeAnswer.class);
    private static final int ALL = 100;

    private final Releases releases;
    private final Steps steps;
    private final TakeBackupAnswer backupGate;
    private final SignalRelease signals;
    private final History history;
    private final ReleaseWork work;
    private final Clock clock;

    public TakeAnswer(
            Releases releases,
            Steps steps,
            TakeBackupAnswer backupGate,
            SignalRelease signals,
            History history,
            ReleaseWork work,
            Clock clock) {
        this.releases = releases;
        this.steps = steps;
        this.backupGate = backupGate;
        this.signals = signals;
        this.history = history;
        this.work = work;
        this.clock = clock;
    }

    /// An answer to a question a step asked under its own id, or a gate under the question's.
    Handled toRequest(Handle tx, @Nullable UUID requestId, EventData answer) {
        if (requestId == null) {
            return Handled.ignored("it answers no request");
        }
        Optional<Handled> taken = backupGate.take(tx, requestId, answer);
        return taken.orElseGet(() -> steps.byId(tx, requestId)
                .map(step -> keep(tx, releases.lock(tx, step.release()).orElseThrow(), step.id(), answer))
                .orElseGet(() -> foreign(answer, requestId, "nobody here asked")));
    }

    /// The watch lets a traffic step pass.
    Handled passed(Handle tx, UUID releaseId, UUID stepId, String reason, EventData answer) {
        return verdict(
                tx, releaseId, answer, step -> step.id().equals(stepId) && step.kind() == StepKind.TRAFFIC, reason);
    }

    /// The strict watch ended well. @param stepId the traffic step it began with, or the watch step itself
    Handled finished(Handle tx, UUID releaseId, UUID stepId, String reason, EventData answer) {
        Predicate<Step> watch = step -> step.kind() == StepKind.WATCH;
        boolean known = steps.of(tx, releaseId, Direction.FORWARD).stream()
                .anyMatch(step -> step.id().equals(stepId));
        return verdict(tx, releaseId, answer, known ? watch : _ -> false, reason);
    }

    /// The watch can tell neither way.
    ///
    /// @param stepId a traffic step; the one that shifted all traffic stands for the strict watch
    Handled held(Handle tx, UUID releaseId, UUID stepId, String reason, EventData answer) {
        return of(
                tx,
                releaseId,
                answer,
                release -> asking(tx, releaseId, stepId)
                        .map(step ->
                                handled(signals.send(tx, releaseId, new WatchHeld(step.id(), step.kind(), reason))))
                        .orElseGet(() ->
                                ignore(tx, release, answer, "the release has no such step that waits for the watch")));
    }

    /// The watch calls the release back. Whichever step it names: better once too often.
    Handled calledBack(Handle tx, RollbackRequested said) {
        return of(tx, said.release(), said, release -> {
            Decision decision = signals.send(tx, said.release(), new CalledBack(said.reason()));
            if (decision instanceof Decision.Move) {
                releases.calledBack(tx, release.id(), said);
            }
            return handled(decision);
        });
    }

    private Optional<Step> asking(Handle tx, UUID releaseId, UUID stepId) {
        List<Step> plan = steps.of(tx, releaseId, Direction.FORWARD);
        Optional<Step> named =
                plan.stream().filter(step -> step.id().equals(stepId)).findFirst();
        boolean all = named.map(Step::percent).filter(percent -> percent == ALL).isPresent();
        Optional<Step> meant = all
                ? plan.stream().filter(step -> step.kind() == StepKind.WATCH).findFirst()
                : named;
        return meant.filter(step -> !step.state().over());
    }

    private Handled verdict(Handle tx, UUID releaseId, EventData answer, Predicate<Step> which, String reason) {
        return of(tx, releaseId, answer, release -> {
            Optional<Step> step = steps.of(tx, releaseId, Direction.FORWARD).stream()
                    .filter(which)
                    .findFirst();
            if (step.isEmpty()) {
                return ignore(tx, release, answer, "the release has no such step");
            }
            if (step.get().state().over()) {
                String why = "the step is %s".formatted(step.get().state().tag());
                return ignore(tx, release, answer, why);
            }
            Verdict verdict = new WatchPassed(step.get().id(), reason);
            Decision decision = signals.send(tx, releaseId, verdict);
            return decision instanceof Decision.Move
                    ? keep(tx, release, step.get().id(), answer)
                    : handled(decision);
        });
    }

    private Handled keep(Handle tx, Release release, UUID stepId, EventData answer) {
        if (steps.answer(tx, stepId, answer)) {
            work.step(tx, release.id(), clock.instant());
            return Handled.applied();
        }
        Step step = steps.byId(tx, stepId).orElseThrow();
        String why = step.answer() != null
                ? "the step has its answer"
                : "the step is " + step.state().tag();
        return ignore(tx, release, answer, why);
    }

    private Handled of(Handle tx, UUID id, EventData answer, Function<Release, Handled> take) {
        return releases.lock(tx, id).map(take).orElseGet(() -> foreign(answer, id, "there is no such release here"));
    }

    private static Handled handled(Decision decision) {
        return switch (decision) {
            case Decision.Move _ -> Handled.applied();
            case Decision.Ignore(String why) -> Handled.ignored(why);
            case Decision.Refuse(String why) -> Handled.refused(why);
        };
    }

    private static Handled foreign(EventData answer, UUID id, String why) {
        LOG.infof("ignored %s id=%s: %s", name(answer), id, why);
        return Handled.ignored(why);
    }

    private Handled ignore(Handle tx, Release release, EventData answer, String why) {
        Instant now = clock.instant().truncatedTo(MICROS);
        history.ignored(tx, release, name(answer), why, now);
        LOG.infof("ignored %s release=%s: %s", name(answer), release.id(), why);
        return Handled.ignored(why);
    }

    private static String name(EventData answer) {
        return answer.getClass().getSimpleName();
    }
}
