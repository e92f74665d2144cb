package dev.slipway.backup.gate;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Spans;
import dev.slipway.backup.ledger.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Whether one of the backups will do for somebody, and what each of the others lacks. Pure; the same rules as those by
/// which a release is answered ([Backup#willDo]).
final class Gate {
    private static final Comparator<Looked> NEWEST_FIRST = Comparator.comparing(
                    (Looked looked) -> looked.backup().requestedAt())
            .reversed();

    private Gate() {}

    /// @param lacks what keeps it from being enough; empty when it is
    /// @param there in how many locations it lies now, as far as that was looked at
    record Looked(Backup backup, List<String> lacks, int there) {}

    /// @param backup the newest one that will do; null when there is none
    /// @param looked at, newest first
    record Answer(@Nullable Backup backup, String reason, List<Looked> looked) {
        boolean open() {
            return backup != null;
        }
    }

    /// @param there in how many locations a completed backup lies now
    static Answer ask(List<Backup> backups, Wanted wanted, ToIntFunction<Backup> there, Instant now) {
        List<Looked> looked = backups.stream()
                .map(backup -> look(backup, wanted, there, now))
                .sorted(NEWEST_FIRST)
                .toList();
        return looked.stream()
                .filter(one -> one.lacks().isEmpty())
                .map(Looked::backup)
                .max(Comparator.comparing(backup -> archive(backup).snapshotAt()))
                .map(backup -> new Answer(backup, open(backup, now), looked))
                .orElseGet(() -> new Answer(null, closed(looked), looked));
    }

    private static Looked look(Backup backup, Wanted wanted, ToIntFunction<Backup> there, Instant now) {
        return switch (backup.state()) {
            case Completed completed -> {
                List<String> lacks = lacks(backup, completed, wanted, now);
                int places = lacks.isEmpty()
                        ? there.applyAsInt(backup)
                        : completed.archive().locations().size();
                if (lacks.isEmpty() && places < Math.max(1, wanted.locations())) {
                    lacks.add("it lies in %d locations now, %d are asked for".formatted(places, wanted.locations()));
                }
                yield new Looked(backup, List.copyOf(lacks), places);
            }
            case BackupState.Pending _ -> new Looked(backup, List.of("it has not begun"), 0);
            case BackupState.Running _ -> new Looked(backup, List.of("it is being taken"), 0);
            case BackupState.Verifying _ -> new Looked(backup, List.of("it is being proved"), 0);
            case BackupState.Failed failed ->
                new Looked(
                        backup,
                        List.of("it failed (%s): %s".formatted(failed.reason().label(), failed.message())),
                        0);
            case BackupState.Cancelled _ -> new Looked(backup, List.of("it was cancelled"), 0);
            case BackupState.Expired _ -> new Looked(backup, List.of("it was let go"), 0);
        };
    }

    private static List<String> lacks(Backup backup, Completed completed, Wanted wanted, Instant now) {
        Archive archive = completed.archive();
        List<String> lacks = new ArrayList<>();
        if (!backup.source().equals(wanted.source())) {
            lacks.add("it is of another database: " + backup.source());
        }
        if (archive.snapshotAt().isBefore(wanted.snapshotFrom())) {
            lacks.add("it shows the database %s ago, %s are allowed"
                    .formatted(age(archive, now), Spans.words(Duration.between(wanted.snapshotFrom(), now))));
        }
        if (archive.locations().size() < wanted.locations()) {
            lacks.add("it was stored in %d locations, %d are asked for"
                    .formatted(archive.locations().size(), wanted.locations()));
        }
        if (!completed.proves(wanted.proof())) {
            lacks.add("it is proved by %s, not by %s"
                    .formatted(proofs(completed), wanted.proof().label()));
        }
        if (lacks.isEmpty() && !backup.willDo(wanted, now)) {
            lacks.add("it is from the future: some clock is wrong");
        }
        return lacks;
    }

    private static String open(Backup backup, Instant now) {
        Archive archive = archive(backup);
        return "backup %s shows the database %s ago, proved by %s, in %s"
                .formatted(
                        backup.id(),
                        age(archive, now),
                        backup.state() instanceof Completed completed ? proofs(completed) : "nothing",
                        String.join(", ", archive.locations()));
    }

    private static String closed(List<Looked> looked) {
        return looked.isEmpty()
                ? "there has never been a backup"
                : "none of the %d latest backups will do; the newest: %s"
                        .formatted(
                                looked.size(),
                                String.join("; ", looked.getFirst().lacks()));
    }

    private static String age(Archive archive, Instant now) {
        return Spans.words(Duration.between(archive.snapshotAt(), now));
    }

    private static String proofs(Completed completed) {
        return completed.proofs().stream()
                .map(proof -> proof.kind().label())
                .distinct()
                .sorted(Comparator.comparing(label -> ProofKind.ofLabel(label).orElseThrow()))
                .collect(Collectors.joining(" and "));
    }

    private static Archive archive(Backup backup) {
        Archive archive = backup.state().archive();
        if (archive == null) {
            throw new IllegalArgumentException("backup %s has no archive".formatted(backup.id()));
        }
        return archive;
    }
}
