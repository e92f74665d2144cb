package dev.slipway.backup.copies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.catalogue.BackupFiles;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Signal;
import dev.slipway.backup.location.AlteredDraft;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.location.MoodyLocation;
import dev.slipway.backup.location.MoodyLocation.Mood;
import dev.slipway.backup.request.BackupBench;
import dev.slipway.backup.s3.S3Server;
import dev.slipway.backup.sftp.SftpLocation;
import dev.slipway.backup.sftp.SshServer;
import dev.slipway.events.BackupCopied;
import dev.slipway.events.BackupIncomplete;
import dev.slipway.events.BackupRecovered;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CopiesTest {
    @TempDir
    Path folder;

    @Test
    void shouldCopyToABucketWhatItMissedWhenItIsBack() throws Exception {
        Location bucket = S3Server.location(S3Server.newBucket());
        MoodyLocation away = new MoodyLocation("second", bucket, Mood.CLOSED, 0);
        BackupBench bench = bench(away);
        Backup backup = bench.queue(ProofKind.READBACK);
        bench.work();
        List<String> first = locations(bench, backup);
        away.cheerUp();

        bench.clock.advance(Duration.ofMinutes(2));
        bench.work();

        assertThat(first).containsExactly("disk");
        assertThat(locations(bench, backup)).containsExactly("disk", "second");
        assertSame(bench, backup, bucket);
        assertThat(bench.told(BackupIncomplete.class))
                .singleElement()
                .satisfies(told -> assertThat(told.missing()).containsExactly("second"));
        assertThat(bench.told(BackupCopied.class))
                .singleElement()
                .satisfies(told ->
                        assertThat(told.from() + " → " + told.location()).isEqualTo("disk → second"));
        assertThat(bench.told(BackupRecovered.class))
                .singleElement()
                .satisfies(told -> assertThat(told.cause()).isEqualTo("copies"));
    }

    @Test
    void shouldMakeADamagedCopyAnewOnAServerReachedBySsh() throws Exception {
        try (SshServer server = new SshServer(folder.resolve("server"))) {
            MoodyLocation nas = new MoodyLocation(
                    "second", SftpLocation.of(server.settings(), reference -> reference), Mood.CLOSED, 0);
            nas.cheerUp();
            BackupBench bench = bench(nas);
            Backup backup = bench.queue(ProofKind.READBACK);
            bench.work();
            Item archive = item(bench, backup);
            nas.put(archive, "not what was written".getBytes(java.nio.charset.StandardCharsets.UTF_8));

            bench.checkCopies(backup);
            bench.work();

            assertSame(bench, backup, nas);
            assertThat(bench.told(BackupCopied.class))
                    .singleElement()
                    .satisfies(told -> assertThat(told.location()).isEqualTo("second"));
        }
    }

    @Test
    void shouldNotCopyWhatIsDamagedItself() throws Exception {
        MoodyLocation away = new MoodyLocation("second", Shelf.disk(folder.resolve("second")), Mood.CLOSED, 0);
        BackupBench bench = bench(away);
        Backup backup = bench.queue(ProofKind.READBACK);
        bench.work();
        Path archive = folder.resolve("disk").resolve(item(bench, backup).path());
        byte[] bytes = Files.readAllBytes(archive);
        bytes[bytes.length / 2] ^= 1;
        Files.write(archive, bytes);
        away.cheerUp();

        bench.clock.advance(Duration.ofMinutes(2));
        bench.work();

        assertThat(bench.backup(backup.id()).state())
                .as("what nobody can restore is no backup")
                .isInstanceOfSatisfying(
                        BackupState.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED));
        assertThat(Shelf.everything(folder.resolve("second"))).isEmpty();
        assertThat(bench.told(BackupCopied.class)).isEmpty();
    }

    @Test
    void shouldNotTakeACopyForGoodThatIsNotReadBackAsItWas() throws Exception {
        MoodyLocation away = new MoodyLocation("second", Shelf.disk(folder.resolve("second")), Mood.CLOSED, 0);
        BackupBench bench = bench(losingABit(away));
        Backup backup = bench.queue(ProofKind.READBACK);
        bench.work();
        away.cheerUp();

        bench.clock.advance(Duration.ofMinutes(2));
        bench.work();

        assertThat(locations(bench, backup)).containsExactly("disk");
        assertThat(bench.told(BackupCopied.class)).isEmpty();
        assertThat(bench.told(BackupRecovered.class)).isEmpty();
    }

    @Test
    void shouldSayThatAllIsWellWhenTheLastMissingCopyIsThere() throws Exception {
        MoodyLocation away = new MoodyLocation("second", Shelf.disk(folder.resolve("second")), Mood.CLOSED, 0);
        BackupBench bench = bench(away);
        bench.queue(ProofKind.READBACK);
        bench.work();
        Backup later = bench.queue(ProofKind.READBACK);
        bench.work();
        bench.jdbi.useHandle(handle -> handle.execute(
                "update work set due_at = '2099-01-01' where kind = 'copy' and id like ?", later.id() + "%"));
        away.cheerUp();
        bench.clock.advance(Duration.ofMinutes(2));
        bench.work();
        int tooEarly = bench.told(BackupRecovered.class).size();

        bench.checkCopies(later);
        bench.work();

        assertThat(tooEarly).isZero();
        assertThat(bench.told(BackupCopied.class)).hasSize(2);
        assertThat(bench.told(BackupRecovered.class)).hasSize(1);
    }

    @Test
    void shouldRemoveTheCopyOfOneThatWasLetGoMeanwhile() throws Exception {
        MoodyLocation away = new MoodyLocation("second", Shelf.disk(folder.resolve("second")), Mood.CLOSED, 0);
        AtomicReference<Runnable> meanwhile = new AtomicReference<>();
        BackupBench bench = bench(doingWhenItBegins(away, meanwhile));
        Backup backup = bench.queue(ProofKind.READBACK);
        bench.work();
        away.cheerUp();
        meanwhile.set(() -> bench.jdbi.useTransaction(
                tx -> bench.ledger.move(tx, bench.backup(backup.id()), new Signal.Outlived("test"))));

        bench.clock.advance(Duration.ofMinutes(2));
        bench.work();

        assertThat(bench.told(BackupCopied.class)).isEmpty();
        List<String> toBeRemoved = bench.jdbi.withHandle(handle -> handle.createQuery("select location from expiry")
                .mapTo(String.class)
                .list());
        assertThat(toBeRemoved).containsExactly("second");
    }

    /// Stores archives with one bit that is not as it was.
    private static Location losingABit(Location good) {
        return proxy(
                good,
                (method, args) ->
                        method.equals("begin") && ((Item) args[0]).file().startsWith("archive")
                                ? new AlteredDraft(good.begin((Item) args[0]), CopiesTest::damaged)
                                : null);
    }

    private static Location doingWhenItBegins(Location good, AtomicReference<Runnable> what) {
        return proxy(good, (method, _) -> {
            Runnable once = method.equals("begin") ? what.getAndSet(null) : null;
            if (once != null) {
                once.run();
            }
            return null;
        });
    }

    private interface Instead {
        /// @return null for what the good one does
        Object does(String method, Object[] args) throws LocationFault;
    }

    private static Location proxy(Location good, Instead instead) {
        return (Location) Proxy.newProxyInstance(
                Location.class.getClassLoader(), new Class<?>[] {Location.class}, (_, method, args) -> {
                    Object done = instead.does(method.getName(), args);
                    if (done != null) {
                        return done;
                    }
                    try {
                        return method.invoke(good, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static ByteBuffer damaged(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        copy[copy.length / 2] ^= 1;
        return ByteBuffer.wrap(copy);
    }

    private BackupBench bench(Location second) {
        return new BackupBench(
                SourceDatabase.withOrders(30), folder, List.of(Shelf.disk(folder.resolve("disk")), second));
    }

    private static Item item(BackupBench bench, Backup backup) {
        return new Item(
                backup.database(),
                backup.id(),
                bench.backup(backup.id()).state().archive().packing().file());
    }

    private static List<String> locations(BackupBench bench, Backup backup) {
        return ((Completed) bench.backup(backup.id()).state()).archive().locations();
    }

    private void assertSame(BackupBench bench, Backup backup, Location copy) throws Exception {
        Item archive = item(bench, backup);
        try (var in = copy.open(archive)) {
            assertThat(in.readAllBytes())
                    .isEqualTo(Files.readAllBytes(folder.resolve("disk").resolve(archive.path())));
        }
        assertThat(new BackupFiles(copy, backup.database(), backup.id())
                        .finished(bench.storages.of(backup).keys()))
                .isPresent();
    }
}
