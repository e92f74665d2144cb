package dev.slipway.deploy.step;

import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.BackupVerified;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A proved backup that misses nothing written before: of a moment when maintenance mode was on already, where the plan
/// switches it on, or else of after the question.
@Singleton
final class BackupStep implements StepHandler {
    @Override
    public Set<StepKind> kinds() {
        return Set.of(StepKind.BACKUP);
    }

    @Override
    public StepResult run(StepContext context) {
        if (context.step().askedAt() == null) {
            return StepResult.asked(context, "waits for a proved backup", request(context));
        }
        return switch (context.step().answer()) {
            case BackupVerified backup -> verified(context, backup);
            case BackupFailed failed ->
                StepResult.broke("no backup: %s (%s)".formatted(failed.message(), failed.reason()));
            case null, default -> StepResult.waits(context, "waits for a proved backup");
        };
    }

    private static BackupRequested request(StepContext context) {
        Environment.BackupStep wanted = context.environment().backup();
        return new BackupRequested(
                context.step().id(),
                context.release().ref(),
                wanted.database(),
                wanted.timeout(),
                notBefore(context),
                wanted.locations(),
                wanted.proof(),
                context.deadline());
    }

    private static StepResult verified(StepContext context, BackupVerified backup) {
        if (backup.snapshotAt().isBefore(notBefore(context))) {
            return StepResult.broke("the backup shows %s, which is before %s: what was written since would be missing"
                    .formatted(backup.snapshotAt(), notBefore(context)));
        }
        return StepResult.done("backup %s of %s shows %s: %d rows, %d bytes, proved by %s, in %s"
                .formatted(
                        backup.backup(),
                        backup.database(),
                        backup.snapshotAt(),
                        backup.rows(),
                        backup.sizeBytes(),
                        backup.proofs().stream().map(BackupVerified.Proof::kind).toList(),
                        backup.locations()));
    }

    private static Instant notBefore(StepContext context) {
        return Optional.ofNullable(context.release().maintenanceSince())
                .or(() -> Optional.ofNullable(context.step().startedAt()))
                .orElseThrow();
    }
}
