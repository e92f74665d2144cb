package dev.slipway.backup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What lies in the column `state` today must be read by every later version.
class StoredStateTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:05.123456Z");

    private static final String ARCHIVE = """
            {"snapshotAt":"2026-03-01T10:00:00Z","writtenAt":"2026-03-01T10:00:01Z","sizeBytes":12345,\
            "sha256":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","databaseBytes":999999,\
            "serverVersion":"15.19","clientVersion":"15.18","encoding":"UTF8","collation":"C.UTF-8",\
            "extensions":{"plpgsql":"1.0"},"tables":{"public.orders":3},"locations":["disk"],\
            "packing":{"file":"archive.dump.zst","content":"postgresql-custom","compression":"zstd","plainBytes":54321,\
            "plainSha256":"fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"},\
            "details":{"objects":{},"notes":[]}}""";

    /// As it was before archives were packed.
    private static final String OLD_ARCHIVE = ARCHIVE.substring(0, ARCHIVE.indexOf(",\"packing\"")) + "}";

    record Golden(BackupState state, String json) {}

    static List<Golden> golden() {
        Archive archive = Archives.withRows(3);
        Proof proof = new Proof(ProofKind.RESTORE, AT, Duration.ofMillis(1500), "equal");
        return List.of(
                new Golden(new BackupState.Pending(), "{\"phase\":\"pending\"}"),
                new Golden(
                        new BackupState.Running(AT, 2),
                        "{\"phase\":\"running\",\"since\":\"2026-03-01T10:00:05.123456Z\",\"attempt\":2}"),
                new Golden(
                        new BackupState.Verifying(archive, 1),
                        "{\"phase\":\"verifying\",\"archive\":" + ARCHIVE + ",\"attempt\":1}"),
                new Golden(
                        new BackupState.Completed(archive, List.of(proof), AT),
                        "{\"phase\":\"completed\",\"archive\":" + ARCHIVE + ",\"proofs\":[{\"kind\":\"restore\","
                                + "\"at\":\"2026-03-01T10:00:05.123456Z\",\"took\":\"PT1.5S\",\"detail\":\"equal\"}],"
                                + "\"finishedAt\":\"2026-03-01T10:00:05.123456Z\"}"),
                new Golden(
                        new BackupState.Failed(FailureReason.LOCK_TIMEOUT, "why", AT, null),
                        "{\"phase\":\"failed\",\"reason\":\"lock-timeout\",\"message\":\"why\","
                                + "\"finishedAt\":\"2026-03-01T10:00:05.123456Z\"}"),
                new Golden(
                        new BackupState.Expired(archive, FailureReason.COUNTS_DIFFER, AT, AT.plusSeconds(1), "old"),
                        "{\"phase\":\"expired\",\"archive\":" + ARCHIVE + ",\"reason\":\"counts-differ\","
                                + "\"finishedAt\":\"2026-03-01T10:00:05.123456Z\","
                                + "\"expiredAt\":\"2026-03-01T10:00:06.123456Z\",\"why\":\"old\"}"));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldReadWhatWasStored(Golden golden) {
        BackupState read = Backups.state(golden.json());

        assertThat(read).isEqualTo(golden.state());
    }

    @Test
    void shouldReadAnArchiveFromBeforeTheyWerePacked() {
        BackupState read = Backups.state("{\"phase\":\"verifying\",\"archive\":" + OLD_ARCHIVE + ",\"attempt\":1}");

        assertThat(read.archive()).isNotNull().satisfies(archive -> {
            assertThat(archive.packing().file()).isEqualTo("archive.dump");
            assertThat(archive.packing().compression()).isEqualTo("none");
            assertThat(archive.packing().plainSha256()).isEqualTo(archive.sha256());
            assertThat(archive.details()).isEqualTo(Details.NONE);
        });
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldStoreUnderTheTagOfItsPhase(Golden golden) {
        String stored = Backups.json(golden.state());

        assertThat(stored).isEqualTo(golden.json());
    }
}
