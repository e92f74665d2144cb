package dev.slipway.backup.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.request.BackupBench;
import dev.slipway.events.BackupCopied;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupIncomplete;
import dev.slipway.events.BackupRecovered;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SearchTest {
    @TempDir
    Path folder;

    private final AtomicBoolean away = new AtomicBoolean();

    @ParameterizedTest
    @ValueSource(strings = {"everything", "archive", "half the archive", "manifest", "roles"})
    void shouldFindWhatIsGoneAndMakeItAnew(String gone) throws Exception {
        BackupBench bench = bench();
        Backup backup = taken(bench);
        Archive archive = archive(bench, backup);
        for (String file : files(archive)) {
            Path path = path("second", backup, file);
            boolean isArchive = file.equals(archive.packing().file());
            if (gone.equals("half the archive") && isArchive) {
                Files.write(path, new byte[10]);
            } else if (gone.equals("everything") || (gone.equals("archive") && isArchive) || file.startsWith(gone)) {
                Files.delete(path);
            }
        }

        bench.search(bench.locations.getLast());

        assertThat(bench.told(BackupIncomplete.class)).singleElement().satisfies(told -> {
            assertThat(told.backup()).isEqualTo(backup.id());
            assertThat(told.locations()).containsExactly("disk");
            assertThat(told.missing()).containsExactly("second");
        });
        assertThat(bench.told(BackupCopied.class)).hasSize(1);
        assertThat(bench.told(BackupRecovered.class)).hasSize(1);
        for (String file : files(archive)) {
            assertThat(path("second", backup, file)).hasSameBinaryContentAs(path("disk", backup, file));
        }
    }

    @Test
    void shouldSayThatABackupIsLostWhenNoLocationHasIt() throws Exception {
        BackupBench bench = bench();
        Backup lost = taken(bench);
        Backup kept = taken(bench);
        Files.delete(path("disk", lost, archive(bench, lost).packing().file()));
        Files.write(path("second", lost, archive(bench, lost).packing().file()), new byte[10]);

        bench.search(bench.locations.getFirst());

        assertThat(bench.backup(lost.id()).state()).isInstanceOfSatisfying(BackupState.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
            assertThat(failed.message()).contains("location disk", "location second");
        });
        assertThat(bench.told(BackupFailed.class))
                .singleElement()
                .satisfies(told -> assertThat(told.backup()).isEqualTo(lost.id()));
        assertThat(bench.backup(kept.id()).state()).isInstanceOf(Completed.class);
    }

    @Test
    void shouldWaitForALocationThatMayStillHaveIt() throws Exception {
        BackupBench bench = bench();
        Backup backup = taken(bench);
        Files.delete(path("disk", backup, archive(bench, backup).packing().file()));
        away.set(true);

        bench.search(bench.locations.getFirst());
        BackupState meanwhile = bench.backup(backup.id()).state();
        bench.search(bench.locations.getFirst());
        away.set(false);
        bench.clock.advance(Duration.ofHours(1));
        bench.work();

        assertThat(meanwhile).isInstanceOf(Completed.class);
        assertThat(bench.told(BackupIncomplete.class)).as("told once").hasSize(1);
        assertThat(bench.told(BackupCopied.class))
                .singleElement()
                .satisfies(told -> assertThat(told.location()).isEqualTo("disk"));
    }

    @Test
    void shouldLookOnceMoreBeforeItTakesAnythingForLost() throws Exception {
        DiskLocation disk = new DiskLocation("disk", folder.resolve("disk"));
        // A list that was begun before the backup got its names, or that a bucket is late with.
        BackupBench bench = new BackupBench(SourceDatabase.withOrders(30), folder, List.of(listingNothing(disk)));
        taken(bench);

        bench.search(bench.locations.getFirst());

        assertThat(found(bench, "disk")).containsEntry("lost", 0);
        assertThat(bench.told(BackupIncomplete.class)).isEmpty();
    }

    private static Location listingNothing(Location location) {
        return (Location) Proxy.newProxyInstance(
                Location.class.getClassLoader(), new Class<?>[] {Location.class}, (_, method, args) -> {
                    if (method.getName().equals("list")) {
                        return List.of();
                    }
                    try {
                        return method.invoke(location, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void shouldCountFilesOfNobodyAndLeaveThem() throws Exception {
        BackupBench bench = bench();
        Backup backup = taken(bench);
        Files.writeString(folder.resolve("disk/notes.txt"), "somebody's");
        Files.writeString(path("disk", backup, "more.sql"), "somebody's");

        bench.search(bench.locations.getFirst());

        assertThat(found(bench, "disk"))
                .containsEntry("unknown", 2)
                .containsEntry("lost", 0)
                .containsEntry("backups", 1)
                .containsEntry("files", 5);
        assertThat(folder.resolve("disk/notes.txt")).exists();
        assertThat(path("disk", backup, "more.sql")).exists();
        assertThat(bench.told(BackupIncomplete.class)).isEmpty();
    }

    @Test
    void shouldSearchAgainSoonWhatCouldNotBeSearched() {
        BackupBench bench = bench();
        bench.search(bench.locations.getLast());
        Instant usual = next(bench, "second");
        away.set(true);

        bench.search(bench.locations.getLast());

        assertThat(usual).isEqualTo(bench.clock.instant().plus(BackupBench.SEARCH));
        assertThat(next(bench, "second")).isEqualTo(bench.clock.instant().plus(Duration.ofMinutes(10)));
        assertThat(String.valueOf(found(bench, "second").get("fault"))).contains("location second");
    }

    @Test
    void shouldAskAsOftenForManyBackupsAsForOne() throws Exception {
        BackupBench bench = bench();
        Location disk = bench.locations.getFirst();
        Inventory inventory = new Inventory(bench.jdbi, bench.backups);
        AtomicInteger asked = new AtomicInteger();
        bench.jdbi.setSqlLogger(new SqlLogger() {
            @Override
            public void logAfterExecution(StatementContext context) {
                asked.incrementAndGet();
            }
        });
        taken(bench);
        asked.set(0);
        inventory.look(disk);
        int forOne = asked.get();
        taken(bench);
        taken(bench);
        asked.set(0);

        Inventory.Stock stock = inventory.look(disk);

        assertThat(stock.backups()).isEqualTo(3);
        assertThat(stock.unknown()).isEmpty();
        assertThat(asked.get()).isEqualTo(forOne);
    }

    private BackupBench bench() {
        return new BackupBench(
                SourceDatabase.withOrders(30),
                folder,
                List.of(
                        new DiskLocation("disk", folder.resolve("disk")),
                        leaving(new DiskLocation("second", folder.resolve("second")))));
    }

    /// A location that answers nothing while it is away.
    private Location leaving(Location location) {
        return (Location) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Location.class}, (_, method, args) -> {
                    if (away.get() && !List.of("name", "place").contains(method.getName())) {
                        throw new LocationFault(
                                LocationFault.Reason.UNREACHABLE, "location second: did not answer", null);
                    }
                    try {
                        return method.invoke(location, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Backup taken(BackupBench bench) {
        bench.clock.advance(Duration.ofMinutes(1));
        Backup backup = bench.queue(ProofKind.READBACK);
        bench.work();
        return backup;
    }

    private static Archive archive(BackupBench bench, Backup backup) {
        return ((Completed) bench.backup(backup.id()).state()).archive();
    }

    private static List<String> files(Archive archive) {
        return List.of(
                archive.packing().file(),
                Item.MANIFEST,
                archive.details().roles().file());
    }

    private Path path(String location, Backup backup, String file) {
        return folder.resolve(location).resolve(new Item(backup.database(), backup.id(), file).path());
    }

    private static Map<String, Object> found(BackupBench bench, String location) {
        return bench.jdbi.withHandle(handle -> handle.createQuery("select * from location_search where location = ?")
                .bind(0, location)
                .mapToMap()
                .one());
    }

    private static Instant next(BackupBench bench, String location) {
        return bench.jdbi.withHandle(
                handle -> handle.createQuery("select due_at from work where kind = 'search' and id = ?")
                        .bind(0, location)
                        .mapTo(Instant.class)
                        .one());
    }
}
