package dev.slipway.backup.ledger;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where a backup stands, with the data that only this state has. Stored as JSON under the tag of its [Phase].
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "phase")
@JsonSubTypes({
    @JsonSubTypes.Type(value = BackupState.Pending.class, name = "pending"),
    @JsonSubTypes.Type(value = BackupState.Running.class, name = "running"),
    @JsonSubTypes.Type(value = BackupState.Verifying.class, name = "verifying"),
    @JsonSubTypes.Type(value = BackupState.Completed.class, name = "completed"),
    @JsonSubTypes.Type(value = BackupState.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = BackupState.Cancelled.class, name = "cancelled"),
    @JsonSubTypes.Type(value = BackupState.Expired.class, name = "expired"),
})
public sealed interface BackupState {

    /// Asked for, not begun.
    record Pending() implements BackupState {}

    /// Being dumped. @param since start of this attempt: its snapshot is not older; @param attempt 1 for the first
    record Running(Instant since, int attempt) implements BackupState {}

    /// Stored under its final name, not proved yet. @param attempt of the proofs
    record Verifying(Archive archive, int attempt) implements BackupState {}

    /// Stored and proved.
    record Completed(Archive archive, List<Proof> proofs, Instant finishedAt) implements BackupState {
        public Completed {
            if (proofs.isEmpty()) {
                throw new IllegalArgumentException("a completed backup is a proved one");
            }
            proofs = List.copyOf(proofs);
        }

        /// With one more proof, in the place of an older one of its kind.
        public Completed with(Proof proof) {
            List<Proof> all = new ArrayList<>(proofs);
            all.removeIf(older -> older.kind() == proof.kind());
            all.add(proof);
            all.sort(Comparator.comparing(Proof::kind));
            return new Completed(archive, all, finishedAt);
        }

        /// In one more location.
        public Completed copiedTo(String location) {
            List<String> all = new ArrayList<>(archive.locations());
            if (!all.contains(location)) {
                all.add(location);
            }
            return new Completed(archive.in(all), proofs, finishedAt);
        }

        /// Whether what was proved is enough for somebody who asks for `wanted`.
        public boolean proves(ProofKind wanted) {
            return proofs.stream().anyMatch(proof -> proof.kind().satisfies(wanted));
        }
    }

    /// Nothing anybody may rely on. @param archive what had been stored before it failed
    record Failed(
            FailureReason reason,
            String message,
            Instant finishedAt,
            @Nullable Archive archive) implements BackupState {}

    /// Stopped by somebody before its end. Nothing of it is left. @param by who; @param reason why, for people
    record Cancelled(String by, String reason, Instant finishedAt) implements BackupState {}

    /// Let go: its bytes are gone, or on their way out.
    ///
    /// @param reason why it had failed, when it had
    /// @param finishedAt when it was completed or failed
    /// @param expiredAt when it was let go
    /// @param why for people
    record Expired(
            @Nullable Archive archive,
            @Nullable FailureReason reason,
            Instant finishedAt,
            Instant expiredAt,
            String why)
            implements BackupState {}

    /// The label of a state in the database, on the wire and in metrics.
    enum Phase {
        PENDING,
        RUNNING,
        VERIFYING,
        COMPLETED,
        FAILED,
        CANCELLED,
        EXPIRED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    default Phase phase() {
        return switch (this) {
            case Pending _ -> Phase.PENDING;
            case Running _ -> Phase.RUNNING;
            case Verifying _ -> Phase.VERIFYING;
            case Completed _ -> Phase.COMPLETED;
            case Failed _ -> Phase.FAILED;
            case Cancelled _ -> Phase.CANCELLED;
            case Expired _ -> Phase.EXPIRED;
        };
    }

    /// When it was over, in the states in which it is.
    default @Nullable Instant endedAt() {
        return switch (this) {
            case Pending _, Running _, Verifying _ -> null;
            case Completed completed -> completed.finishedAt();
            case Failed failed -> failed.finishedAt();
            case Cancelled cancelled -> cancelled.finishedAt();
            case Expired expired -> expired.finishedAt();
        };
    }

    /// What is stored, in the states that have it.
    default @Nullable Archive archive() {
        return switch (this) {
            case Pending _, Running _, Cancelled _ -> null;
            case Verifying verifying -> verifying.archive();
            case Completed completed -> completed.archive();
            case Failed failed -> failed.archive();
            case Expired expired -> expired.archive();
        };
    }
}
