package dev.slipway.backup.location;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.ledger.DatabaseKey;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskLocationTest extends LocationPromises {
    @TempDir
    Path root;

    @Override
    protected Location location() {
        return new DiskLocation("disk", root);
    }

    @Override
    protected int drafts() throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            return (int) files.filter(file -> file.toString().endsWith(".part")).count();
        }
    }

    @Test
    void shouldLeaveNoEmptyFolderOfABackup() throws Exception {
        Location location = location();
        location.put(item, new byte[1]);

        location.delete(item);

        assertThat(root.resolve(Item.folder(Shelf.SHOP, backup))).doesNotExist();
    }

    /// What a machine that loses its power now would still have.
    @Test
    void shouldHaveEveryByteOnTheDiskBeforeTheNameAndTheNameBeforeItSaysSo() throws Exception {
        Location location = location();
        Path folder = root.resolve(Item.folder(Shelf.SHOP, backup));
        List<Path> beforeTheName;
        List<Path> withTheName;
        try (Draft draft = location.begin(item)) {
            draft.write(ByteBuffer.wrap(new byte[100_000]));
            beforeTheName = synced(draft::finish);
            withTheName = synced(draft::publish);
        }

        assertThat(beforeTheName).singleElement().satisfies(part -> {
            assertThat(part.getParent()).isEqualTo(folder);
            assertThat(part.toString()).endsWith(".part");
        });
        assertThat(withTheName).containsExactly(folder, root.resolve("shop/orders"), root.resolve("shop"), root);
    }

    @Test
    void shouldHaveAFilesEndOnTheDiskToo() throws Exception {
        Location location = location();
        location.put(item, new byte[1]);
        location.put(item.beside("roles.sql"), new byte[1]);

        assertThat(synced(() -> location.delete(item))).containsExactly(root.resolve(Item.folder(Shelf.SHOP, backup)));
    }

    private interface Step {
        void take() throws LocationFault;
    }

    /// What is synced in a step, in its order.
    private static List<Path> synced(Step step) throws Exception {
        Path told = Files.createTempFile("synced", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
            recording.start();
            step.take();
            recording.stop();
            recording.dump(told);
            return RecordingFile.readAllEvents(told).stream()
                    .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                    .map(event -> Path.of(event.getString("path")))
                    .toList();
        } finally {
            Files.delete(told);
        }
    }

    @Test
    void shouldNotShowItsOwnFilesAsBackups() throws Exception {
        Files.createDirectories(root.resolve(".passwords"));
        Files.writeString(root.resolve(".passwords/pgpass-1"), "secret");
        Files.writeString(root.resolve("somebody-elses.txt"), "hello");

        assertThat(location().list()).extracting(Location.Found::path).containsExactly("somebody-elses.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", "a/b", "../../etc", ".hidden", "a b"})
    void shouldRefuseNamesThatLeadElsewhere(String name) {
        IllegalArgumentException refused = catchThrowableOfType(
                IllegalArgumentException.class,
                () -> new Item(new DatabaseKey("shop", name), UUID.randomUUID(), "archive"));

        assertThat(refused).hasMessageContaining("no name");
    }

    @Test
    void shouldTellABackupsFilesFromOthersByTheirPath() {
        assertThat(Item.at(item.path())).contains(item);
        assertThat(Item.at("somebody-elses.txt")).isEmpty();
        assertThat(Item.at("shop/orders/not-an-id/archive.dump")).isEmpty();
        assertThat(Item.at(item.path() + "/deeper")).isEmpty();
    }
}
