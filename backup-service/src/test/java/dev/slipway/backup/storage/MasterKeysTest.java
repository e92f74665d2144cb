package dev.slipway.backup.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState.Cancelled;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.BackupState.Failed;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.request.BackupBench;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MasterKeysTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"${env:SLIPWAY_REF_GONE}, has no value", "not of 32 bytes, must be 32 bytes"})
    void shouldFailAtOnceSayingWhatIsWrongWithTheKey(String secret, String why) {
        BackupBench bench = new BackupBench(
                SourceDatabase.withOrders(1),
                folder,
                List.of(Shelf.disk(folder)),
                List.of(new LocationsFile.Key("first", secret)));
        Backup backup = bench.queue(ProofKind.READBACK);

        bench.work();

        assertThat(bench.backup(backup.id()).state()).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(FailureReason.KEY_MISSING);
            assertThat(failed.message()).contains("'first'").contains(why).doesNotContain("not of 32");
        });
        assertThat(Shelf.everything(folder)).isEmpty();
    }

    @Test
    void shouldOpenOlderBackupsByTheKeyThatBoreTheirName() {
        List<LocationsFile.Key> before = List.of(new LocationsFile.Key("old", "ab".repeat(32)));
        List<LocationsFile.Key> rotated = List.of(new LocationsFile.Key("new", "cd".repeat(32)), before.getFirst());
        SourceDatabase source = SourceDatabase.withOrders(1);
        BackupBench first = new BackupBench(source, folder, List.of(Shelf.disk(folder)), before);
        first.queue(ProofKind.READBACK);
        first.work();
        BackupBench now = new BackupBench(source, folder, List.of(Shelf.disk(folder)), rotated);
        Backup fresh = now.queue(ProofKind.READBACK);
        now.work();

        assertThat(now.rebuild(true).refused()).isEmpty();
        assertThat(now.backup(fresh.id()).state())
                .isInstanceOfSatisfying(
                        Completed.class,
                        completed ->
                                assertThat(completed.archive().packing().key()).isEqualTo("new"));
    }

    @Test
    void shouldKeepNobodyFromCancelling() {
        BackupBench bench = new BackupBench(
                SourceDatabase.withOrders(1),
                folder,
                List.of(Shelf.disk(folder)),
                List.of(new LocationsFile.Key("first", "${env:SLIPWAY_REF_GONE}")));
        Backup running = bench.begin(bench.queue(ProofKind.READBACK));

        bench.cancel(running);
        bench.work();

        assertThat(bench.backup(running.id()).state()).isInstanceOf(Cancelled.class);
    }
}
