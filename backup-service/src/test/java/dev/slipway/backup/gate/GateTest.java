package dev.slipway.backup.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Archives;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Origin;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GateTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String SOURCE = "postgresql://db:5432/orders";
    private static final Wanted WANTED = new Wanted(SOURCE, NOW.minus(Duration.ofHours(2)), 2, ProofKind.RESTORE);

    static Stream<Arguments> lacking() {
        Archive fresh = archive("2026-03-01T11:00:00Z", "disk", "offsite");
        return Stream.of(
                Arguments.of(completed(fresh, ProofKind.READBACK, ProofKind.RESTORE), List.of()),
                Arguments.of(completed(fresh, ProofKind.READBACK), List.of("it is proved by readback, not by restore")),
                Arguments.of(
                        completed(archive("2026-03-01T08:48:00Z", "disk", "offsite"), ProofKind.RESTORE),
                        List.of("it shows the database 3 h 12 min ago, 2 h are allowed")),
                Arguments.of(
                        completed(archive("2026-03-01T11:00:00Z", "disk"), ProofKind.RESTORE),
                        List.of("it was stored in 1 locations, 2 are asked for")),
                Arguments.of(
                        completed(archive("2026-03-01T13:00:00Z", "disk", "offsite"), ProofKind.RESTORE),
                        List.of("it is from the future: some clock is wrong")),
                Arguments.of(
                        new BackupState.Failed(FailureReason.DUMP_FAILED, "disk full", NOW, null),
                        List.of("it failed (dump-failed): disk full")),
                Arguments.of(new BackupState.Expired(fresh, null, NOW, NOW, "old"), List.of("it was let go")),
                Arguments.of(new BackupState.Pending(), List.of("it has not begun")),
                Arguments.of(new BackupState.Running(NOW, 1), List.of("it is being taken")),
                Arguments.of(new BackupState.Verifying(fresh, 1), List.of("it is being proved")));
    }

    @ParameterizedTest
    @MethodSource("lacking")
    void shouldSayWhatEachLacks(BackupState state, List<String> lacks) {
        Gate.Answer answer = Gate.ask(List.of(backup(SOURCE, state)), WANTED, _ -> 2, NOW);

        assertThat(answer.looked().getFirst().lacks()).isEqualTo(lacks);
        assertThat(answer.open()).isEqualTo(lacks.isEmpty());
    }

    /// What people are told is what a release is answered.
    @ParameterizedTest
    @MethodSource("lacking")
    void shouldSayTheSameAsAReleaseIsAnswered(BackupState state, List<String> lacks) {
        Backup backup = backup(SOURCE, state);

        boolean open = Gate.ask(List.of(backup), WANTED, _ -> 2, NOW).open();

        assertThat(open).isEqualTo(state instanceof BackupState.Completed && backup.willDo(WANTED, NOW));
    }

    @Test
    void shouldNameTheNewestThatWillDo() {
        Backup older = backup(SOURCE, good("2026-03-01T10:30:00Z"));
        Backup newer = backup(SOURCE, good("2026-03-01T11:30:00Z"));
        Backup failed = backup(SOURCE, new BackupState.Failed(FailureReason.DUMP_FAILED, "disk full", NOW, null));

        Gate.Answer answer = Gate.ask(List.of(older, failed, newer), WANTED, _ -> 2, NOW);

        assertThat(answer.backup()).isEqualTo(newer);
        assertThat(answer.reason())
                .isEqualTo("backup %s shows the database 30 min ago, proved by restore, in disk, offsite"
                        .formatted(newer.id()));
    }

    @Test
    void shouldNotOpenForABackupOfAnotherDatabase() {
        Backup other = backup("postgresql://db:5432/empty", good("2026-03-01T11:30:00Z"));

        Gate.Answer answer = Gate.ask(List.of(other), WANTED, _ -> 2, NOW);

        assertThat(answer.open()).isFalse();
        assertThat(answer.reason()).contains("it is of another database: postgresql://db:5432/empty");
    }

    @Test
    void shouldNotOpenForOneWhoseCopyIsGone() {
        Gate.Answer answer = Gate.ask(List.of(backup(SOURCE, good("2026-03-01T11:30:00Z"))), WANTED, _ -> 1, NOW);

        assertThat(answer.open()).isFalse();
        assertThat(answer.reason()).contains("it lies in 1 locations now, 2 are asked for");
    }

    @Test
    void shouldSayThatThereHasNeverBeenABackup() {
        assertThat(Gate.ask(List.of(), WANTED, _ -> 0, NOW).reason()).isEqualTo("there has never been a backup");
    }

    private static BackupState good(String snapshotAt) {
        return completed(archive(snapshotAt, "disk", "offsite"), ProofKind.RESTORE);
    }

    private static BackupState completed(Archive archive, ProofKind... proofs) {
        return new BackupState.Completed(
                archive,
                Stream.of(proofs)
                        .map(kind -> new Proof(kind, archive.writtenAt(), Duration.ofSeconds(1), "test"))
                        .toList(),
                archive.writtenAt());
    }

    private static Archive archive(String snapshotAt, String... locations) {
        return Archives.at(Instant.parse(snapshotAt), 5).in(List.of(locations));
    }

    private static Backup backup(String source, BackupState state) {
        Instant at = state.archive() == null ? NOW : state.archive().snapshotAt();
        return new Backup(
                UUID.randomUUID(),
                new DatabaseKey("shop", "orders"),
                "sha256:0",
                source,
                // A drill may have proved more than was asked for at first.
                ProofKind.READBACK,
                Origin.person("mara"),
                at,
                at,
                1,
                state);
    }
}
