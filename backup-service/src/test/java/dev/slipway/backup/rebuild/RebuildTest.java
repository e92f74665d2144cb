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
import dev.slipway.backup.storage.LocationsFile;
import dev.slipway.events.BackupStarted;
import dev.slipway.events.BackupVerified;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RebuildTest {
    private static final SourceDatabase SOURCE = SourceDatabase.withOrders(30).withBulk(1);
    private static final LocationsFile.Key KEY = new LocationsFile.Key("first", "0123456789abcdef".repeat(4));

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
    void shouldRefuseEveryKindOfDamageAndMakeTheCopyAnew() throws Exception {
        BackupBench bench = sealed(KEY);
        Backup other = taken(bench);
        Map<Damage, Backup> damaged = new EnumMap<>(Damage.class);
        for (Damage damage : Damage.values()) {
            Backup backup = taken(bench);
            damaged.put(damage, backup);
            damage.harm(
                    folder.resolve("second").resolve(Item.folder(backup.database(), backup.id())),
                    archive(bench, backup).packing().file(),
                    other.id());
        }
        forgetEverything(bench);

        Rebuild.Report report = bench.rebuild(false);

        assertThat(archive(bench, other).locations()).containsExactly("disk", "second");
        for (Map.Entry<Damage, Backup> one : damaged.entrySet()) {
            Backup backup = one.getValue();
            assertThat(report.refused())
                    .as(one.getKey().name())
                    .filteredOn(refused -> refused.path().contains(backup.id().toString()))
                    .extracting(Rebuild.Refused::location)
                    .containsExactly("second");
            Archive archive = archive(bench, backup);
            assertThat(archive.locations()).as(one.getKey().name()).containsExactly("disk");
            bench.checkCopies(backup);
            bench.work();
            for (String file : List.of(archive.packing().file(), Item.MANIFEST, "roles.sql.sealed")) {
                assertThat(path("second", backup, file))
                        .as(one.getKey().name())
                        .hasSameBinaryContentAs(path("disk", backup, file));
            }
        }
    }

    @Test
    void shouldTakeInWhatIsNotSealedOnlyWhenThatIsWanted() throws Exception {
        BackupBench before = bench();
        Backup old = taken(before);
        BackupBench bench = sealed(KEY);

        Rebuild.Report careful = bench.rebuild(false);
        Rebuild.Report trusting = bench.rebuild(false, true);

        assertThat(careful.taken()).isEmpty();
        assertThat(careful.refused())
                .hasSize(2)
                .allSatisfy(refused -> assertThat(refused.why()).contains("not sealed"));
        assertThat(trusting.taken())
                .singleElement()
                .satisfies(taken -> assertThat(taken.backup()).isEqualTo(old.id()));
    }

    @Test
    void shouldTakeNothingInWithoutTheMasterKey() throws Exception {
        taken(sealed(KEY));
        Map<LocationsFile.Key, String> left = Map.of(
                new LocationsFile.Key("other", "ab".repeat(32)), "the master key 'first' is not at hand",
                new LocationsFile.Key("first", "ab".repeat(32)), "was not wrapped under this master key 'first'",
                new LocationsFile.Key("first", "${env:SLIPWAY_REF_GONE}"), "${env:SLIPWAY_REF_GONE} has no value");
        for (Map.Entry<LocationsFile.Key, String> key : left.entrySet()) {
            Rebuild.Report report = sealed(key.getKey()).rebuild(false);

            assertThat(report.taken()).isEmpty();
            assertThat(report.refused())
                    .hasSize(2)
                    .allSatisfy(refused -> assertThat(refused.why()).contains(key.getValue()));
        }
    }

    @Test
    void shouldRefuseJunkThatCallsItselfAManifestAndGoOn() throws Exception {
        BackupBench bench = bench();
        Backup good = taken(bench);
        String written = Files.readString(path("disk", good, Item.MANIFEST));
        List<String> junk = List.of(
                "",
                "[]",
                "null",
                "{}",
                "\0\0",
                "{\"format\": \"slipway-backup/2\"}",
                written.replace("slipway-backup/1", "slipway-backup/2"),
                "{\"format\": \"slipway-backup/1\", \"backup\": \"no id\"}",
                written.replaceAll("\"archive\" : \\{[\\s\\S]*", "\"archive\": {}}"),
                written.replaceAll("\"snapshotAt\" : \"[^\"]*\",", ""),
                written.replaceAll("\"file\" : \"[^\"]*\"", "\"file\": \"../../../etc/passwd\""),
                written.replaceAll("\"content\" : \"[^\"]*\"", "\"content\": \"shell\""),
                written.replaceAll("\"compression\" : \"[^\"]*\"", "\"compression\": \"own\""),
                written.replaceAll("\"clientVersion\" : \"[^\"]*\"", "\"clientVersion\": \"new\""),
                written.replaceAll("\"sizeBytes\" : \\d+", "\"sizeBytes\": -1"),
                "[".repeat(100_000));
        for (String text : junk) {
            Item stranger = new Item(Shelf.SHOP, UUID.randomUUID(), Item.MANIFEST);
            Path place = folder.resolve("disk").resolve(stranger.path());
            Files.createDirectories(place.getParent());
            // Whoever forges one makes its checksum fit.
            Files.writeString(
                    place,
                    text.replace(good.id().toString(), stranger.backup().toString())
                            .replaceAll(",\\s*\"checksum\" : \"[^\"]*\"", ""));
            Files.copy(
                    path("disk", good, archive(bench, good).packing().file()),
                    place.resolveSibling("archive.dump.zst"));
            Files.copy(path("disk", good, "roles.sql"), place.resolveSibling("roles.sql"));
        }
        forgetEverything(bench);

        Rebuild.Report report = bench.rebuild(false);

        assertThat(report.refused()).hasSameSizeAs(junk);
        assertThat(report.taken()).extracting(Rebuild.Taken::backup).containsExactly(good.id());
    }

    @Test
    void shouldNotTakeTwoAttemptsForCopiesOfOne() throws Exception {
        BackupBench bench = bench();
        Backup backup = taken(bench);
        Path second = folder.resolve("second").resolve(Item.folder(backup.database(), backup.id()));
        Path aside = folder.resolve("aside");
        Files.move(second, aside);
        bench.source.jdbi().useHandle(handle -> handle.execute("insert into orders (item) values ('one more')"));
        bench.capture(backup);
        for (Path file : Files.list(second).toList()) {
            Files.delete(file);
        }
        Files.delete(second);
        Files.move(aside, second);
        forgetEverything(bench);

        Rebuild.Report report = bench.rebuild(false);

        assertThat(report.taken())
                .singleElement()
                .satisfies(taken -> assertThat(taken.locations()).containsExactly("disk"));
        assertThat(report.refused())
                .singleElement()
                .satisfies(refused -> assertThat(refused.location() + ": " + refused.why())
                        .isEqualTo("second: it differs from the copy in disk"));
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

    /// What can become of the copy of a sealed backup.
    enum Damage {
        FLIPPED_ARCHIVE {
            @Override
            void harm(Path folder, String archive, UUID other) throws Exception {
                flip(folder.resolve(archive));
            }
        },
        FLIPPED_MANIFEST {
            @Override
            void harm(Path folder, String archive, UUID other) throws Exception {
                flip(folder.resolve(Item.MANIFEST));
            }
        },
        FLIPPED_ROLES {
            @Override
            void harm(Path folder, String archive, UUID other) throws Exception {
                flip(folder.resolve("roles.sql.sealed"));
            }
        },
        LOST_ROLES {
            @Override
            void harm(Path folder, String archive, UUID other) throws Exception {
                Files.delete(folder.resolve("roles.sql.sealed"));
            }
        },
        LOST_ARCHIVE {
            @Override
            void harm(Path folder, String archive, UUID other) throws Exception {
                Files.delete(folder.resolve(archive));
            }
        },
        CUT_FRAME {
            @Override
            void harm(Path folder, String archive, UUID other) throws Exception {
                byte[] bytes = Files.readAllBytes(folder.resolve(archive));
                int frames = framesAt(bytes);
                int whole = (bytes.length - frames - 1) / FRAME;
                Files.write(folder.resolve(archive), Arrays.copyOf(bytes, frames + whole * FRAME));
            }
        },
        SWAPPED_FRAMES {
            @Override
            void harm(Path folder, String archive, UUID other) throws Exception {
                byte[] bytes = Files.readAllBytes(folder.resolve(archive));
                int frames = framesAt(bytes);
                byte[] swapped = bytes.clone();
                System.arraycopy(bytes, frames, swapped, frames + FRAME, FRAME);
                System.arraycopy(bytes, frames + FRAME, swapped, frames, FRAME);
                Files.write(folder.resolve(archive), swapped);
            }
        },
        MANIFEST_OF_ANOTHER {
            @Override
            void harm(Path folder, String archive, UUID other) throws Exception {
                String theirs =
                        Files.readString(folder.resolveSibling(other.toString()).resolve(Item.MANIFEST));
                String mine = folder.getFileName().toString();
                Files.writeString(folder.resolve(Item.MANIFEST), theirs.replace(other.toString(), mine));
            }
        },
        /// Says nothing of a signature, so that there is none to compare.
        UNSIGNED_MANIFEST {
            @Override
            void harm(Path folder, String archive, UUID other) throws Exception {
                Path manifest = folder.resolve(Item.MANIFEST);
                Files.writeString(
                        manifest,
                        Files.readString(manifest)
                                .replaceAll(",\\s*\"signature\" : \"[^\"]*\"", "")
                                .replaceAll("\"public.orders\" : \\d+", "\"public.orders\" : 1"));
            }
        },
        /// Says of the sealed archive that it is not sealed, so that nobody asks for a signature.
        FORGED_MANIFEST {
            @Override
            void harm(Path folder, String archive, UUID other) throws Exception {
                Path manifest = folder.resolve(Item.MANIFEST);
                Files.writeString(
                        manifest,
                        Files.readString(manifest)
                                .replaceAll("\"key\" : \"[^\"]*\"", "\"key\" : null")
                                .replaceAll(",\\s*\"signature\" : \"[^\"]*\"", "")
                                .replaceAll("\"public.orders\" : \\d+", "\"public.orders\" : 1"));
            }
        };

        private static final int FRAME = 64 * 1024;

        abstract void harm(Path folder, String archive, UUID other) throws Exception;

        /// Where the frames begin: after eight bytes, the length of the header and the header.
        private static int framesAt(byte[] sealed) {
            return 12 + ByteBuffer.wrap(sealed).getInt(8);
        }
    }

    private BackupBench bench() {
        return new BackupBench(SOURCE, folder, locations());
    }

    private BackupBench sealed(LocationsFile.Key key) {
        return new BackupBench(SOURCE, folder, locations(), List.of(key));
    }

    private List<Location> locations() {
        return List.of(
                new DiskLocation("disk", folder.resolve("disk")), new DiskLocation("second", folder.resolve("second")));
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
