package dev.slipway.backup.request;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.BackupState.Cancelled;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.BackupState.Failed;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Origin;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.retention.Keeps;
import dev.slipway.backup.watchdog.NextAct;
import dev.slipway.backup.watchdog.Trouble;
import dev.slipway.backup.watchdog.Troubles;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.events.BackupCancelled;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupStarted;
import dev.slipway.events.BackupVerified;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Tells the other services how backups and requests end: every request once, and a backup nobody waits for once.
@Singleton
public final class Answers {
    private static final Logger LOG = Logger.getLogger(Answers.class);

    private final Requests requests;
    private final EventWriter events;
    private final WorkQueue queue;
    private final Databases databases;
    private final Troubles troubles;
    private final Keeps holds;
    private final Clock clock;

    Answers(
            Requests requests,
            EventWriter events,
            WorkQueue queue,
            Databases databases,
            Troubles troubles,
            Keeps holds,
            Clock clock) {
        this.requests = requests;
        this.events = events;
        this.queue = queue;
        this.databases = databases;
        this.troubles = troubles;
        this.holds = holds;
        this.clock = clock;
    }

    /// A backup was taken up for the first time.
    public void started(Handle tx, Backup backup) {
        Origin origin = backup.origin();
        BackupStarted started = new BackupStarted(
                backup.id(),
                origin.requestId(),
                origin.release(),
                backup.database().application(),
                backup.database().name());
        events.write(tx, key(backup), backup.id().toString(), origin.chainId(), started);
    }

    /// A backup is over: whoever waits for it hears of it, or else everybody.
    public void ended(Handle tx, Backup backup) {
        List<BackupRequest> waiting = requests.waitingFor(tx, backup.id());
        switch (backup.state()) {
            case Completed completed -> {
                troubles.endByBackup(tx, backup.database(), backup.id());
                waiting.forEach(request -> verifiedOrAgain(tx, request, backup, completed));
                if (waiting.isEmpty()) {
                    BackupVerified verified =
                            verified(backup, completed, null, backup.origin().release());
                    events.write(
                            tx,
                            key(backup),
                            backup.id().toString(),
                            backup.origin().chainId(),
                            verified);
                }
            }
            case Failed failed -> {
                String nextAct = NextAct.after(failed.reason());
                troubles.begin(
                        tx,
                        new Troubles.Found(backup.database(), Trouble.Kind.FAILED, "", failed.message(), nextAct),
                        null);
                waiting.forEach(request -> failed(tx, request, backup.id(), failed.reason(), failed.message()));
                if (waiting.isEmpty()) {
                    events.write(
                            tx,
                            key(backup),
                            backup.id().toString(),
                            backup.origin().chainId(),
                            failure(tx, backup, failed));
                }
            }
            case Cancelled cancelled -> {
                String why = "cancelled by %s: %s".formatted(cancelled.by(), cancelled.reason());
                waiting.forEach(request -> failed(tx, request, backup.id(), FailureReason.CANCELLED, why));
                events.write(
                        tx,
                        key(backup),
                        backup.id().toString(),
                        backup.origin().chainId(),
                        new BackupCancelled(
                                backup.id(),
                                backup.origin().release(),
                                backup.database().application(),
                                backup.database().name(),
                                cancelled.by(),
                                cancelled.reason()));
            }
            case BackupState.Pending _, BackupState.Running _, BackupState.Verifying _, BackupState.Expired _ ->
                throw new IllegalArgumentException("backup " + backup.id() + " has not just ended");
        }
    }

    /// Answers a request with a completed backup, unless it was answered before. The release holds it from then on; one
    /// that retention let go in this moment is no answer.
    void verified(Handle tx, BackupRequest request, Backup backup, Completed completed) {
        if (!holds.hold(tx, backup.id(), request.release(), clock.instant())) {
            again(tx, request);
            return;
        }
        if (requests.end(tx, request, backup.id(), null, clock.instant())) {
            LOG.infof("request verified request=%s backup=%s release=%s", request.id(), backup.id(), request.release());
            BackupVerified verified = verified(backup, completed, request.id(), request.release());
            events.write(tx, request.release().toString(), backup.id().toString(), request.chainId(), verified);
        }
    }

    /// Answers a request with the reason why there is no backup, unless it was answered before.
    void failed(Handle tx, BackupRequest request, @Nullable UUID backup, FailureReason reason, String message) {
        if (requests.end(tx, request, backup, reason, clock.instant())) {
            LOG.warnf(
                    "request failed request=%s release=%s reason=%s: %s",
                    request.id(), request.release(), reason.label(), message);
            BackupFailed failed = new BackupFailed(
                    backup,
                    request.id(),
                    request.release(),
                    request.database().application(),
                    request.database().name(),
                    environment(tx, request, backup, reason),
                    reason.label(),
                    message,
                    NextAct.after(reason));
            String subject = (backup == null ? request.id() : backup).toString();
            events.write(tx, request.release().toString(), subject, request.chainId(), failed);
        }
    }

    /// A clock that was set back between the start and the snapshot makes a backup too old for who waited for it.
    private void verifiedOrAgain(Handle tx, BackupRequest request, Backup backup, Completed completed) {
        if (completed.archive().snapshotAt().isBefore(request.snapshotFrom())) {
            again(tx, request);
        } else {
            verified(tx, request, backup, completed);
        }
    }

    private void again(Handle tx, BackupRequest request) {
        requests.waitFor(tx, request, null);
        queue.schedule(tx, AnswerRequest.KIND, request.id().toString(), clock.instant());
    }

    /// None when no backup was tried, somebody wanted none, or the one on its way may still come to a good end.
    private @Nullable String environment(
            Handle tx, BackupRequest request, @Nullable UUID backup, FailureReason reason) {
        return backup == null || reason == FailureReason.DEADLINE_PASSED || reason == FailureReason.CANCELLED
                ? null
                : databases.environment(tx, request.database()).orElse(null);
    }

    private BackupFailed failure(Handle tx, Backup backup, Failed failed) {
        return new BackupFailed(
                backup.id(),
                null,
                backup.origin().release(),
                backup.database().application(),
                backup.database().name(),
                databases.environment(tx, backup.database()).orElse(null),
                failed.reason().label(),
                failed.message(),
                NextAct.after(failed.reason()));
    }

    private static BackupVerified verified(
            Backup backup, Completed completed, @Nullable UUID requestId, @Nullable UUID release) {
        Archive archive = completed.archive();
        return new BackupVerified(
                backup.id(),
                requestId,
                release,
                backup.database().application(),
                backup.database().name(),
                archive.snapshotAt(),
                completed.finishedAt(),
                archive.sizeBytes(),
                archive.totalRows(),
                completed.proofs().stream().map(Answers::told).toList(),
                archive.locations());
    }

    private static BackupVerified.Proof told(Proof proof) {
        return new BackupVerified.Proof(proof.kind().label(), proof.at(), proof.took(), proof.detail());
    }

    private static String key(Backup backup) {
        UUID release = backup.origin().release();
        return release == null ? backup.database().toString() : release.toString();
    }
}
