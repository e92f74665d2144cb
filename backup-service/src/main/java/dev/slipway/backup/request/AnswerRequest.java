package dev.slipway.backup.request;

import static java.util.Objects.requireNonNull;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Origin;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Signal;
import dev.slipway.backup.ledger.Wanted;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.proof.Copies;
import dev.slipway.backup.proof.Readback;
import dev.slipway.backup.storage.Storages;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Finds the backup that answers a request: a completed one that fits and still is what it was, or else one that
/// is on its way and will fit, or else a new one. Comes back at the deadline, when nobody waits any more.
@Singleton
public final class AnswerRequest implements WorkHandler {
    static final String KIND = "request";

    /// How often a manifest that has not arrived is looked for.
    private static final Duration MANIFEST_POLL = Duration.ofSeconds(1);

    private final Jdbi jdbi;
    private final Requests requests;
    private final Backups backups;
    private final Ledger ledger;
    private final Answers answers;
    private final Databases databases;
    private final Storages storages;
    private final Clock clock;

    AnswerRequest(
            Jdbi jdbi,
            Requests requests,
            Backups backups,
            Ledger ledger,
            Answers answers,
            Databases databases,
            Storages storages,
            Clock clock) {
        this.jdbi = jdbi;
        this.requests = requests;
        this.backups = backups;
        this.ledger = ledger;
        this.answers = answers;
        this.databases = databases;
        this.storages = storages;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public WorkResult run(WorkItem item) {
        return jdbi.withHandle(handle -> requests.waiting(handle, UUID.fromString(item.id())))
                .map(this::answer)
                .orElseGet(() -> WorkResult.done(_ -> {}));
    }

    private WorkResult answer(BackupRequest request) {
        boolean known = databases.knows(request.database().application(), request.manifest());
        if (!clock.instant().isBefore(request.deadline())) {
            return known
                    ? refuse(request, FailureReason.DEADLINE_PASSED, "not proved by " + request.deadline())
                    : refuse(request, FailureReason.UNKNOWN_MANIFEST, request.manifest() + " was not put here");
        }
        if (request.backup() != null) {
            return WorkResult.again(request.deadline(), _ -> {});
        }
        if (!known) {
            Instant soon = clock.instant().plus(MANIFEST_POLL);
            return WorkResult.again(soon.isBefore(request.deadline()) ? soon : request.deadline(), _ -> {});
        }
        Optional<Databases.Known> database = databases.in(request.database(), request.manifest());
        if (database.isEmpty()) {
            return refuse(
                    request,
                    FailureReason.UNKNOWN_DATABASE,
                    "the manifest has no database '%s'"
                            .formatted(request.database().name()));
        }
        return answer(request, database.get());
    }

    private WorkResult answer(BackupRequest request, Databases.Known known) {
        Optional<ProofKind> proof = ProofKind.ofLabel(request.proof());
        if (proof.isEmpty()) {
            return refuse(request, FailureReason.UNSUPPORTED_REQUEST, "there is no proof '" + request.proof() + "'");
        }
        int locations = known.database().locations().size();
        if (request.locations() > locations) {
            return refuse(
                    request,
                    FailureReason.UNSUPPORTED_REQUEST,
                    "%d locations are asked for, '%s' has %d"
                            .formatted(request.locations(), known.database().name(), locations));
        }
        Wanted wanted = new Wanted(known.database().source(), request.snapshotFrom(), request.locations(), proof.get());
        Optional<Backup> completed = completed(request, wanted);
        if (completed.isPresent() && completed.get().state() instanceof BackupState.Completed state) {
            return WorkResult.done(tx -> answers.verified(tx, request, completed.get(), state));
        }
        return WorkResult.again(
                request.deadline(), tx -> requests.waitFor(tx, request, onItsWay(tx, request, known, wanted)));
    }

    /// The newest completed one that fits, with its stored bytes looked at again: what is promised is there now.
    private Optional<Backup> completed(BackupRequest request, Wanted wanted) {
        return jdbi
                .withHandle(handle -> backups.completedSince(handle, request.database(), wanted.snapshotFrom()))
                .stream()
                .filter(backup -> backup.willDo(wanted, clock.instant()))
                .filter(backup -> intact(backup, wanted))
                .findFirst();
    }

    private boolean intact(Backup backup, Wanted wanted) {
        List<BackupFault> faults = new ArrayList<>();
        int intact = 0;
        try {
            Archive archive = requireNonNull(backup.state().archive());
            Copies copies = Copies.of(backup.id(), backup.database(), archive, storages.of(backup));
            for (Location location : copies.locations()) {
                try {
                    Readback.compareStored(copies, location);
                    intact++;
                } catch (BackupFault fault) {
                    faults.add(fault);
                }
            }
        } catch (BackupFault fault) {
            faults.add(fault);
        }
        boolean damaged = faults.stream().allMatch(fault -> fault.reason() == FailureReason.ARCHIVE_DAMAGED);
        if (intact == 0 && damaged) {
            BackupFault first = faults.getFirst();
            jdbi.useTransaction(tx ->
                    answers.ended(tx, ledger.move(tx, backup, new Signal.Lost(first.reason(), first.getMessage()))));
        }
        return intact >= Math.max(1, wanted.locations());
    }

    private UUID onItsWay(Handle tx, BackupRequest request, Databases.Known known, Wanted wanted) {
        return backups.open(tx, request.database()).stream()
                .filter(backup -> backup.willDo(wanted, clock.instant()))
                .findFirst()
                .orElseGet(() -> ledger.queue(
                        tx,
                        new Ledger.Order(
                                request.database(),
                                known.manifest(),
                                wanted.source(),
                                wanted.proof(),
                                Origin.release(request.release(), request.id(), request.chainId())),
                        request.snapshotFrom()))
                .id();
    }

    private WorkResult refuse(BackupRequest request, FailureReason reason, String message) {
        return WorkResult.done(tx -> answers.failed(tx, request, request.backup(), reason, message));
    }
}
