package dev.slipway.deploy.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.deploy.gate.Approval;
import dev.slipway.deploy.gate.GateAnswers;
import dev.slipway.deploy.gate.GateOverride;
import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.StepState;
import dev.slipway.deploy.release.History;
import dev.slipway.deploy.release.Outcome;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.release.ReleaseView;
import dev.slipway.events.BackupVerified;
import dev.slipway.events.RollbackRequested;
import dev.slipway.events.WatchCounts;
import dev.slipway.events.WatchFinished;
import dev.slipway.events.WatchStepPassed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is told of a release when it is over, and how far it is before that.
///
/// @param overall `PASS`, `FAIL`, or `PENDING` while it is not settled
/// @param took from the start to the end
/// @param downtime how long maintenance mode was on, measured; absent when it never was
/// @param plannedAtMost sum of the limits of the plan's steps
/// @param phases since when it was in which phase
/// @param issues what did not go as planned
/// @param currentVersion what runs in the environment now
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CompletionReport(
        String overall,
        ReleaseView release,
        Who who,
        @Nullable Duration took,
        Duration plannedAtMost,
        @Nullable Duration downtime,
        List<PhaseTime> phases,
        List<GateAnswers.Kept> gates,
        List<StepView> steps,
        List<StepView> compensation,
        List<BackupFacts> backups,
        List<WatchFacts> watch,
        @Nullable CallBack calledBack,
        List<String> issues,
        @Nullable String currentVersion,
        List<History.Entry> history) {

    /// @param requester who started the CI run
    /// @param overrides gates that somebody opened by their word, and why
    public record Who(
            String requester, @Nullable String author, List<Approval> approvals, List<GateOverride> overrides) {}

    public record PhaseTime(String phase, Instant since, String why) {}

    /// @param backup its id; the backup itself is described by backup-service
    public record BackupFacts(
            UUID backup,
            String database,
            Instant snapshotAt,
            Instant finishedAt,
            long sizeBytes,
            long rows,
            List<BackupVerified.Proof> proofs,
            List<String> locations) {}

    /// What the watch said of a step.
    public record WatchFacts(
            String step, @Nullable Integer percent, WatchCounts counts, boolean unproven, String reason) {}

    /// @param after from the step's first batch to the decision
    public record CallBack(
            UUID step,
            String signal,
            String reason,
            WatchCounts counts,
            Duration after,
            @Nullable UUID incident) {}

    static CompletionReport of(ReleaseFacts facts) {
        Release release = facts.release();
        List<Step> forward = facts.steps().stream()
                .filter(step -> step.direction() == Direction.FORWARD)
                .toList();
        return new CompletionReport(
                overall(release),
                ReleaseView.of(release),
                new Who(release.requester(), release.author(), facts.approvals(), facts.overrides()),
                took(release),
                forward.stream().map(Step::limit).reduce(Duration.ZERO, Duration::plus),
                release.downtime(),
                phases(facts.history()),
                facts.said(),
                facts.steps(Direction.FORWARD),
                facts.steps(Direction.BACK),
                forward.stream()
                        .map(CompletionReport::backup)
                        .filter(Objects::nonNull)
                        .toList(),
                forward.stream()
                        .map(CompletionReport::watch)
                        .filter(Objects::nonNull)
                        .toList(),
                Optional.ofNullable(facts.calledBack())
                        .map(CompletionReport::callBack)
                        .orElse(null),
                issues(facts),
                Optional.ofNullable(facts.current()).map(Release::version).orElse(null),
                facts.history());
    }

    private static String overall(Release release) {
        return release.state() instanceof Settled settled
                ? settled.outcome() == Outcome.COMPLETED ? "PASS" : "FAIL"
                : "PENDING";
    }

    private static @Nullable Duration took(Release release) {
        return release.startedAt() == null || release.settledAt() == null
                ? null
                : Duration.between(release.startedAt(), release.settledAt());
    }

    private static List<PhaseTime> phases(List<History.Entry> history) {
        List<PhaseTime> phases = new ArrayList<>();
        for (History.Entry entry : history) {
            boolean same = !phases.isEmpty() && phases.getLast().phase().equals(entry.phase());
            if (entry.decision().equals("move") && !same) {
                phases.add(new PhaseTime(entry.phase(), entry.at(), entry.why()));
            }
        }
        return phases;
    }

    private static @Nullable BackupFacts backup(Step step) {
        return step.kind() == StepKind.BACKUP && step.answer() instanceof BackupVerified backup
                ? new BackupFacts(
                        backup.backup(),
                        backup.database(),
                        backup.snapshotAt(),
                        backup.finishedAt(),
                        backup.sizeBytes(),
                        backup.rows(),
                        backup.proofs(),
                        backup.locations())
                : null;
    }

    private static @Nullable WatchFacts watch(Step step) {
        return switch (step.answer()) {
            case WatchStepPassed passed ->
                new WatchFacts(step.name(), step.percent(), passed.counts(), passed.unproven(), passed.reason());
            case WatchFinished finished ->
                new WatchFacts(step.name(), step.percent(), finished.counts(), false, finished.reason());
            case null, default -> null;
        };
    }

    private static CallBack callBack(RollbackRequested said) {
        return new CallBack(said.step(), said.signal(), said.reason(), said.counts(), said.after(), said.incident());
    }

    private static List<String> issues(ReleaseFacts facts) {
        List<String> issues = new ArrayList<>();
        for (Step step : facts.steps()) {
            if (step.state() == StepState.BROKEN) {
                issues.add("%s: %s".formatted(step.name(), step.evidence()));
            } else if (step.attempts() > 1) {
                issues.add("%s took %d attempts".formatted(step.name(), step.attempts()));
            }
        }
        if (facts.release().state() instanceof Settled settled && settled.outcome() != Outcome.COMPLETED) {
            issues.add(settled.reason());
        }
        if (facts.release().maintenanceSince() != null && facts.release().settledAt() != null) {
            issues.add("maintenance mode is still on since " + facts.release().maintenanceSince());
        }
        return issues;
    }
}
