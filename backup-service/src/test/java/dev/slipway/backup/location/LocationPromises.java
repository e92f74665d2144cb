package dev.slipway.backup.location;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.location.LocationFault.Reason;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every location promises.
@Timeout(120)
public abstract class LocationPromises {
    /// More than two parts of an upload.
    private static final byte[] LARGE = random(20_000_000);

    protected final UUID backup = UUID.randomUUID();
    protected final Item item = new Item(Shelf.SHOP, backup, "archive.dump");

    /// A location in which there is nothing.
    protected abstract Location location() throws Exception;

    @Test
    void shouldGiveBackWhatWasWritten() throws Exception {
        Location location = location();
        write(location, item, LARGE);

        assertThat(read(location, item)).isEqualTo(LARGE);
        assertThat(location.size(item)).hasValue(LARGE.length);
        assertThat(location.files(Shelf.SHOP, backup)).containsExactly("archive.dump");
    }

    @Test
    void shouldKeepAnEmptyFile() throws Exception {
        Location location = location();
        write(location, item, new byte[0]);

        assertThat(read(location, item)).isEmpty();
    }

    @Test
    void shouldShowNoFileBeforeItIsPublished() throws Exception {
        Location location = location();
        try (Draft draft = location.begin(item)) {
            draft.write(ByteBuffer.wrap(LARGE));
            draft.finish();

            assertThat(location.size(item)).isEmpty();
            assertThat(location.list()).isEmpty();
        }

        assertThat(location.size(item)).isEmpty();
        assertThat(location.list()).isEmpty();
        assertThat(drafts()).isZero();
    }

    @Test
    void shouldReplaceAFileAtOnce() throws Exception {
        Location location = location();
        location.put(item, "before".getBytes("UTF-8"));
        try (Draft draft = location.begin(item)) {
            draft.write(ByteBuffer.wrap("after".getBytes("UTF-8")));
            draft.finish();
            assertThat(read(location, item)).asString().isEqualTo("before");

            draft.publish();
        }

        assertThat(read(location, item)).asString().isEqualTo("after");
    }

    @Test
    void shouldSayThatAFileIsMissing() throws Exception {
        Location location = location();

        LocationFault fault = catchThrowableOfType(LocationFault.class, () -> read(location, item));

        assertThat(fault.reason()).isEqualTo(Reason.MISSING);
        assertThat(fault).hasMessageContaining("location " + location.name());
    }

    @Test
    void shouldDeleteWhatIsThereAndWhatIsNot() throws Exception {
        Location location = location();
        location.put(item, new byte[3]);

        location.delete(item);
        location.delete(item);

        assertThat(location.size(item)).isEmpty();
        assertThat(location.list()).isEmpty();
    }

    @Test
    void shouldListEverythingThatLiesThere() throws Exception {
        Location location = location();
        Item other = new Item(new DatabaseKey("shop", "stock"), UUID.randomUUID(), "manifest.json");
        location.put(item, new byte[3]);
        location.put(other, new byte[4]);

        assertThat(location.list())
                .extracting(Location.Found::path, Location.Found::sizeBytes)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(item.path(), 3L),
                        org.assertj.core.groups.Tuple.tuple(other.path(), 4L));
        assertThat(location.list())
                .allSatisfy(found -> assertThat(found.modifiedAt()).isNotNull());
        assertThat(location.files(Shelf.SHOP, backup)).containsExactly("archive.dump");
    }

    @Test
    void shouldRemoveTheDraftsOfABackupAndNothingElse() throws Exception {
        Location location = location();
        Item others = new Item(Shelf.SHOP, UUID.randomUUID(), "archive.dump");
        location.put(item.beside("roles.sql"), new byte[3]);
        Draft left = location.begin(item);
        left.write(ByteBuffer.wrap(LARGE));
        try (Draft of = location.begin(others)) {
            of.write(ByteBuffer.wrap(LARGE));

            location.removeDrafts(Shelf.SHOP, backup);

            of.finish();
            of.publish();
        }

        assertThat(location.files(Shelf.SHOP, backup)).containsExactly("roles.sql");
        assertThat(read(location, others)).isEqualTo(LARGE);
        assertThat(drafts()).isZero();
    }

    @Test
    void shouldHaveNothingOfABackupItNeverHeard() throws Exception {
        Location location = location();

        location.removeDrafts(Shelf.SHOP, UUID.randomUUID());

        assertThat(location.files(Shelf.SHOP, UUID.randomUUID())).isEmpty();
    }

    /// How many unpublished files lie there, as the place itself shows them.
    protected abstract int drafts() throws Exception;

    protected static void write(Location location, Item to, byte[] bytes) throws LocationFault {
        try (Draft draft = location.begin(to)) {
            for (int at = 0; at < bytes.length; at += 65_536) {
                draft.write(ByteBuffer.wrap(bytes, at, Math.min(65_536, bytes.length - at))
                        .asReadOnlyBuffer());
            }
            draft.finish();
            draft.publish();
        }
    }

    protected static byte[] read(Location location, Item from) throws Exception {
        try (InputStream in = location.open(from)) {
            return in.readAllBytes();
        }
    }

    protected static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
