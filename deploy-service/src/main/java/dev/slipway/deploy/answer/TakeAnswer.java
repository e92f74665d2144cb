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
import dev.slipway.events.EventData;
import dev.slipway.events.RollbackRequested;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    void toRequest(Handle tx, @Nullable UUID requestId, EventData answer) {
        if (requestId == null || backupGate.take(tx, requestId, answer)) {
            return;
        }
        Optional<Step> step = steps.byId(tx, requestId);
        if (step.isEmpty()) {
            LOG.infof("ignored %s request=%s: nobody here asked", name(answer), requestId);
            return;
        }
        Release release = releases.lock(tx, step.get().release()).orElseThrow();
        keep(tx, release, step.get().id(), answer);
    }

    /// The watch lets a traffic step pass.
    void passed(Handle tx, UUID releaseId, UUID stepId, String reason, EventData answer) {
        verdict(tx, releaseId, answer, step -> step.id().equals(stepId) && step.kind() == StepKind.TRAFFIC, reason);
    }

    /// The strict watch ended well. @param stepId the traffic step it began with, or the watch step itself
    void finished(Handle tx, UUID releaseId, UUID stepId, String reason, EventData answer) {
        Predicate<Step> watch = step -> step.kind() == StepKind.WATCH;
        boolean known = steps.of(tx, releaseId, Direction.FORWARD).stream()
                .anyMatch(step -> step.id().equals(stepId));
        verdict(tx, releaseId, answer, known ? watch : _ -> false, reason);
    }

    /// The watch can tell neither way.
    ///
    /// @param stepId a traffic step; the one that shifted all traffic stands for the strict watch
    void held(Handle tx, UUID releaseId, UUID stepId, String reason, EventData answer) {
        release(tx, releaseId, answer).ifPresent(release -> {
            Optional<Step> step = asking(tx, releaseId, stepId);
            if (step.isEmpty()) {
                ignore(tx, release, answer, "the release has no such step that waits for the watch");
            } else {
                signals.send(
                        tx, releaseId, new WatchHeld(step.get().id(), step.get().kind(), reason));
            }
        });
    }

    /// The watch calls the release back. Whichever step it names: better once too often.
    void calledBack(Handle tx, RollbackRequested said) {
        release(tx, said.release(), said).ifPresent(release -> {
            Decision decision = signals.send(tx, said.release(), new CalledBack(said.reason()));
            if (decision instanceof Decision.Move) {
                releases.calledBack(tx, release.id(), said);
            }
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

    private void verdict(Handle tx, UUID releaseId, EventData answer, Predicate<Step> which, String reason) {
        release(tx, releaseId, answer).ifPresent(release -> {
            Optional<Step> step = steps.of(tx, releaseId, Direction.FORWARD).stream()
                    .filter(which)
                    .findFirst();
            if (step.isEmpty()) {
                ignore(tx, release, answer, "the release has no such step");
            } else if (step.get().state().over()) {
                ignore(
                        tx,
                        release,
                        answer,
                        "the step is %s".formatted(step.get().state().tag()));
            } else {
                Verdict verdict = new WatchPassed(step.get().id(), reason);
                if (signals.send(tx, releaseId, verdict) instanceof Decision.Move) {
                    keep(tx, release, step.get().id(), answer);
                }
            }
        });
    }

    private void keep(Handle tx, Release release, UUID stepId, EventData answer) {
        if (steps.answer(tx, stepId, answer)) {
            work.step(tx, release.id(), clock.instant());
        } else {
            Step step = steps.byId(tx, stepId).orElseThrow();
            ignore(
                    tx,
                    release,
                    answer,
                    step.answer() != null
                            ? "the step has its answer"
                            : "the step is " + step.state().tag());
        }
    }

    private Optional<Release> release(Handle tx, UUID id, EventData answer) {
        Optional<Release> release = releases.lock(tx, id);
        if (release.isEmpty()) {
            LOG.infof("ignored %s release=%s: there is no such release here", name(answer), id);
        }
        return release;
    }

    private void ignore(Handle tx, Release release, EventData answer, String why) {
        Instant now = clock.instant().truncatedTo(MICROS);
        history.ignored(tx, release, name(answer), why, now);
        LOG.infof("ignored %s release=%s: %s", name(answer), release.id(), why);
    }

    private static String name(EventData answer) {
        return answer.getClass().getSimpleName();
    }
}
