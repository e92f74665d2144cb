package dev.slipway.backup.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.ledger.Archives;
import dev.slipway.backup.location.AlteredDraft;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.location.LocationFault.Reason;
import dev.slipway.backup.location.MoodyLocation;
import dev.slipway.backup.location.MoodyLocation.Mood;
import dev.slipway.backup.vault.Keyring;
import dev.slipway.backup.vault.SealedInput;
import dev.slipway.backup.vault.Sealer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@Timeout(60)
class OnePassTest {
    private static final Pace PACE = new Pace(Duration.ofMillis(300), Duration.ofSeconds(30), Duration.ofSeconds(10));
    private static final int LENGTH = 12_000_000;

    @TempDir
    Path root;

    private final UUID backup = UUID.randomUUID();
    private final Item item = new Item(Shelf.SHOP, backup, "archive");
    private final byte[] plain = text();

    @ParameterizedTest
    @EnumSource(Compression.class)
    void shouldStoreTheSameBytesInEveryLocation(Compression compression) throws Exception {
        Sealer sealer = Sealer.begin(backup, "sql", compression.label(), Shelf.MASTER);
        OnePass.Written written;
        try (OnePass pass = new OnePass(List.of(good("a"), good("b")), item, 2, PACE, compression, sealer)) {
            write(pass);
            written = pass.finish();
            pass.publish();
        }

        byte[] stored = Files.readAllBytes(file("a"));
        assertThat(Files.readAllBytes(file("b"))).isEqualTo(stored);
        assertThat(written.storedBytes()).isEqualTo(stored.length);
        assertThat(written.storedSha256()).isEqualTo(Archives.sha256(stored));
        assertThat(written.plainBytes()).isEqualTo(plain.length);
        assertThat(written.plainSha256()).isEqualTo(Archives.sha256(plain));
        assertThat(written.frames()).isEqualTo((stored.length + Sealer.STORED_BYTES - 1) / Sealer.STORED_BYTES);
        try (InputStream sealed = SealedInput.open(Files.newInputStream(file("b")), Keyring.ofOne(Shelf.MASTER));
                InputStream opened = compression.from(sealed)) {
            assertThat(opened.readAllBytes()).isEqualTo(plain);
        }
    }

    @Test
    void shouldShowNoFileBeforeItIsPublished() throws Exception {
        try (OnePass pass = pass(1, good("a"))) {
            write(pass);
            pass.finish();

            assertThat(file("a")).doesNotExist();
        }
        assertThat(Shelf.everything(root)).isEmpty();
    }

    @Test
    void shouldLeaveNothingWhenItIsGivenUpHalfWay() throws Exception {
        try (OnePass pass = pass(2, good("a"), good("b"))) {
            write(pass);
        }

        assertThat(Shelf.everything(root)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            mode = Mode.EXCLUDE,
            names = {"SLOW", "MUTE"})
    void shouldGoOnWithoutALocationThatIsNotNeeded(Mood mood) throws Exception {
        OnePass.Written written;
        List<Location> published;
        try (OnePass pass = pass(1, good("a"), moody(mood))) {
            write(pass);
            written = pass.finish();
            published = pass.publish();

            assertThat(pass.faults()).containsOnlyKeys("moody");
        }

        assertThat(published).extracting(Location::name).containsExactly("a");
        assertThat(written.plainSha256()).isEqualTo(Archives.sha256(plain));
        assertThat(Shelf.everything(root)).containsExactly("a/" + item.path());
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            mode = Mode.EXCLUDE,
            names = {"SLOW", "MUTE"})
    void shouldFailAndLeaveNothingWithoutALocationThatIsNeeded(Mood mood) throws Exception {
        IOException fault;
        try (OnePass pass = pass(2, good("a"), moody(mood))) {
            fault = catchThrowableOfType(IOException.class, () -> {
                write(pass);
                pass.finish();
                pass.publish();
            });
        }

        assertThat(fault)
                .isInstanceOf(LocationFault.class)
                .hasMessageContaining("location moody")
                .hasMessageContaining("1 of 2 locations left, 2 are needed");
        assertThat(Shelf.everything(root))
                .filteredOn(path -> path.startsWith("moody"))
                .isEmpty();
    }

    @Test
    void shouldCutOffALocationThatHoldsTheDumpUpForTooLong() throws Exception {
        Pace impatient = new Pace(Duration.ofSeconds(5), Duration.ofMillis(20), Duration.ofSeconds(10));
        Location slow = new MoodyLocation("slow", good("slow"), Mood.SLOW, 0);
        try (OnePass pass = new OnePass(List.of(good("a"), slow), item, 1, impatient, Compression.NONE, null)) {
            write(pass);
            pass.finish();
            pass.publish();

            assertThat(pass.faults().get("slow").reason()).isEqualTo(Reason.STALLED);
            assertThat(pass.faults().get("slow")).hasMessageContaining("held the dump up");
        }
    }

    @Test
    void shouldWaitForASlowLocationThatIsNeeded() throws Exception {
        Pace impatient = new Pace(Duration.ofSeconds(5), Duration.ofMillis(20), Duration.ofSeconds(10));
        Location slow = new MoodyLocation("slow", good("slow"), Mood.SLOW, 0);
        List<Location> published;
        try (OnePass pass = new OnePass(List.of(good("a"), slow), item, 2, impatient, Compression.NONE, null)) {
            write(pass);
            pass.finish();
            published = pass.publish();
        }

        assertThat(published).extracting(Location::name).containsExactly("a", "slow");
    }

    @Test
    void shouldPublishNoFileWithAHoleWhenALocationGoesOnAfterItStalled() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        List<Location> published;
        try (OnePass pass = pass(1, good("a"), pausing("b", goOn))) {
            write(pass);
            // More than its queue takes, and for longer than it is waited for.
            goOn.countDown();
            pass.finish();
            published = pass.publish();
        }

        assertThat(published).extracting(Location::name).containsExactly("a");
        assertThat(Shelf.everything(root)).containsExactly("a/" + item.path());
    }

    /// Takes nothing until somebody says so, and then everything.
    private Location pausing(String name, CountDownLatch goOn) {
        DiskLocation good = good(name);
        return (Location) Proxy.newProxyInstance(
                Location.class.getClassLoader(), new Class<?>[] {Location.class}, (_, method, args) -> {
                    if (method.getName().equals("begin")) {
                        return new AlteredDraft(good.begin((Item) args[0]), bytes -> {
                            await(goOn);
                            return bytes;
                        });
                    }
                    return method.invoke(good, args);
                });
    }

    private static void await(CountDownLatch goOn) {
        boolean waits = true;
        while (waits) {
            try {
                goOn.await();
                waits = false;
            } catch (InterruptedException _) {
                // Hangs where nobody reaches it.
            }
        }
    }

    @Test
    void shouldFailAtOnceWhenNoLocationIsLeft() throws Exception {
        byte[] megabyte = new byte[1_000_000];
        new Random(1).nextBytes(megabyte);
        IOException fault;
        try (OnePass pass = pass(1, moody(Mood.FULL))) {
            fault = catchThrowableOfType(IOException.class, () -> {
                // Without an end: it has to stop by itself.
                while (true) {
                    pass.input().write(megabyte);
                }
            });
        }

        assertThat(fault)
                .isInstanceOfSatisfying(
                        LocationFault.class, full -> assertThat(full.reason()).isEqualTo(Reason.FULL));
    }

    @Test
    void shouldNotWriteOverAFileInPiecesButAtOnce() throws Exception {
        good("a").put(item, "before".getBytes("UTF-8"));
        try (OnePass pass = pass(1, good("a"))) {
            write(pass);
            pass.finish();

            assertThat(file("a")).hasContent("before");
            pass.publish();
        }

        assertThat(file("a")).hasBinaryContent(plain);
    }

    private OnePass pass(int needed, Location... locations) {
        return new OnePass(List.of(locations), item, needed, PACE, Compression.NONE, null);
    }

    private void write(OnePass pass) throws IOException {
        for (int at = 0; at < plain.length; at += 100_000) {
            pass.input().write(plain, at, Math.min(100_000, plain.length - at));
        }
    }

    private DiskLocation good(String name) {
        return new DiskLocation(name, root.resolve(name));
    }

    private Location moody(Mood mood) {
        return new MoodyLocation("moody", good("moody"), mood, 2_000_000);
    }

    private Path file(String location) {
        return root.resolve(location).resolve(item.path());
    }

    /// Half of it can be compressed.
    private static byte[] text() {
        byte[] bytes = new byte[LENGTH];
        new Random(3).nextBytes(bytes);
        for (int i = 0; i < bytes.length; i += 2) {
            bytes[i] = 'x';
        }
        return bytes;
    }
}
