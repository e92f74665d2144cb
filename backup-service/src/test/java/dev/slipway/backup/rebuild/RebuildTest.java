package dev.slipway.backup.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.inventory.Inventory;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.request.BackupBench;
import dev.slipway.events.BackupStarted;
import dev.slipway.events.BackupVerified;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RebuildTest {
    @TempDir
    Path folder;

    @Test
    void shouldMakeTheCatalogueAnewFromTheLocationsAlone() throws Exception {
        BackupBench bench = bench();
        Backup first = taken(bench);
        Backup second = taken(bench);
        Archive written = archive(bench, second);
        forgetEverything(bench);

        Rebuild.Report dry = bench.rebuild(true);
        List<Backup> afterDry = bench.all();
        Rebuild.Report wet = bench.rebuild(false);
        Rebuild.Report again = bench.rebuild(false);
        bench.request(bench.ask().locations(2));

        assertThat(dry.taken()).hasSize(2).isEqualTo(wet.taken());
        assertThat(afterDry).isEmpty();
        assertThat(again.taken()).isEmpty();
        assertThat(again.known()).isEqualTo(2);
        assertThat(bench.all()).extracting(Backup::id).containsExactly(second.id(), first.id());
        assertThat(archive(bench, second)).isEqualTo(written);
        assertThat(bench.told(BackupStarted.class)).as("nothing new was taken").isEmpty();
        assertThat(bench.told(BackupVerified.class))
                .singleElement()
                .satisfies(told -> assertThat(told.backup()).isEqualTo(second.id()));
    }

    @Test
    void shouldRefuseWhatIsNotWhatItsManifestSays() throws Exception {
        BackupBench bench = bench();
        Backup swapped = taken(bench);
        Backup damaged = taken(bench);
        Path manifest = path("second", swapped, Item.MANIFEST);
        Files.copy(path("second", damaged, Item.MANIFEST), manifest, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        flip(path("disk", damaged, archive(bench, damaged).packing().file()));
        forgetEverything(bench);

        Rebuild.Report report = bench.rebuild(false);

        assertThat(report.refused())
                .extracting(refused -> refused.location() + " " + refused.path())
                .containsExactlyInAnyOrder(
                        "second " + Item.manifest(swapped.database(), swapped.id()),
                        "disk " + Item.manifest(damaged.database(), damaged.id()));
        assertThat(report.refused())
                .extracting(Rebuild.Refused::why)
                .anySatisfy(why -> assertThat(why).contains("belongs to backup " + damaged.id()))
                .anySatisfy(why -> assertThat(why).contains("SHA-256"));
        assertThat(archive(bench, swapped).locations()).containsExactly("disk");
        assertThat(archive(bench, damaged).locations()).containsExactly("second");
    }

    @Test
    void shouldNotTakeForGoodWhatDidNotStandItsProof() throws Exception {
        BackupBench bench = bench();
        Backup bad = taken(bench);
        Files.writeString(path("disk", bad, Item.UNPROVED), "{}");
        forgetEverything(bench);

        bench.rebuild(false);

        assertThat(bench.backup(bad.id()).state())
                .isInstanceOfSatisfying(
                        BackupState.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED));
    }

    @Test
    void shouldTellWhatLiesInALocationAndIsNobodysAndLeaveItThere() throws Exception {
        BackupBench bench = bench();
        Backup known = taken(bench);
        Path disk = folder.resolve("disk");
        Files.writeString(disk.resolve("notes.txt"), "somebody's");
        Files.writeString(path("disk", known, "more.sql"), "somebody's");
        Item stranger = new Item(Shelf.SHOP, UUID.randomUUID(), Item.MANIFEST);
        Files.createDirectories(disk.resolve(stranger.path()).getParent());
        Files.writeString(disk.resolve(stranger.path()), "{}");
        Location location = bench.locations.getFirst();

        Inventory.Stock stock = new Inventory(bench.jdbi, bench.backups).look(location);

        assertThat(stock.unknown())
                .extracting(Inventory.Unknown::path)
                .containsExactlyInAnyOrder(
                        "notes.txt", new Item(known.database(), known.id(), "more.sql").path(), stranger.path());
        assertThat(stock.backups()).isEqualTo(2);
        assertThat(disk.resolve("notes.txt")).exists();
    }

    private BackupBench bench() {
        return new BackupBench(
                SourceDatabase.withOrders(30),
                folder,
                List.of(
                        new DiskLocation("disk", folder.resolve("disk")),
                        new DiskLocation("second", folder.resolve("second"))));
    }

    private static Backup taken(BackupBench bench) {
        bench.clock.advance(Duration.ofMinutes(1));
        Backup backup = bench.queue(ProofKind.READBACK);
        bench.work();
        return backup;
    }

    /// What only the service's own database held.
    private static void forgetEverything(BackupBench bench) {
        bench.jdbi.useHandle(handle -> handle.execute("truncate backup, work, outbox, trouble cascade"));
    }

    private static Archive archive(BackupBench bench, Backup backup) {
        return ((Completed) bench.backup(backup.id()).state()).archive();
    }

    private Path path(String location, Backup backup, String file) {
        return folder.resolve(location).resolve(new Item(backup.database(), backup.id(), file).path());
    }

    private static void flip(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }
}
