package dev.slipway.backup.location;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.ledger.DatabaseKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;
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
