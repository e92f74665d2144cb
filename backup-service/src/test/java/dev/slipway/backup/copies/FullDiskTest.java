package dev.slipway.backup.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.BackupState.Failed;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.request.BackupBench;
import dev.slipway.events.BackupCopied;
import dev.slipway.events.BackupIncomplete;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A file system that really is full: one in memory, of two megabytes. Who may mount none sees these tests skipped.
@Timeout(60)
class FullDiskTest {
    private static final SourceDatabase SOURCE = SourceDatabase.withOrders(30).withBulk(8);

    @TempDir
    Path folder;

    private Path small;

    @BeforeEach
    void mount() throws Exception {
        small = Files.createDirectory(folder.resolve("small"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=2m,mode=1777", "none", small.toString()))
                .as("may mount a file system")
                .isTrue();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", small.toString());
    }

    @Test
    void shouldBeCompleteWithoutTheFullDiskAndBeCopiedThereWhenItHasRoom() throws Exception {
        BackupBench bench = new BackupBench(
                SOURCE,
                folder,
                List.of(new DiskLocation("disk", folder.resolve("disk")), new DiskLocation("second", small)));
        Backup backup = bench.queue(ProofKind.READBACK);

        bench.work();
        List<String> first = locations(bench, backup);
        List<String> left = Shelf.everything(small);
        run("mount", "-o", "remount,size=64m", small.toString());
        bench.clock.advance(Duration.ofMinutes(10));
        bench.work();

        assertThat(first).containsExactly("disk");
        assertThat(left).as("no half archive, no draft").isEmpty();
        assertThat(bench.told(BackupIncomplete.class)).hasSize(1);
        assertThat(locations(bench, backup)).containsExactly("disk", "second");
        assertThat(bench.told(BackupCopied.class)).hasSize(1);
    }

    @Test
    void shouldSayThatTheDiskIsFullAndLeaveNothingThere() throws Exception {
        BackupBench bench = new BackupBench(SOURCE, folder, List.of(new DiskLocation("disk", small)));
        Backup backup = bench.queue(ProofKind.READBACK);

        bench.work();

        assertThat(bench.backup(backup.id()).state()).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(FailureReason.STORAGE_FULL);
            assertThat(failed.message()).contains("location disk");
        });
        assertThat(Shelf.everything(small)).isEmpty();
        assertThat(SOURCE.sessionsEnd(backup.id())).isTrue();
    }

    private static List<String> locations(BackupBench bench, Backup backup) {
        return ((Completed) bench.backup(backup.id()).state()).archive().locations();
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        List<String> asRoot = new ArrayList<>(
                Files.isWritable(Path.of("/etc/fstab").getParent()) ? List.of() : List.of("sudo", "-n"));
        asRoot.addAll(List.of(command));
        try {
            return new ProcessBuilder(asRoot).inheritIO().start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
