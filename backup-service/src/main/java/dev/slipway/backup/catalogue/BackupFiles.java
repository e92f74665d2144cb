package dev.slipway.backup.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Details;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.stream.Digest;
import dev.slipway.backup.vault.Keyring;
import dev.slipway.backup.vault.SealFault;
import dev.slipway.backup.vault.SealHeader;
import dev.slipway.backup.vault.SealedInput;
import dev.slipway.events.EventCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The files of one backup in one location: the archive, small ones beside it, and the manifest that makes them a
/// backup. A backup that did not stand its proof has a file that says so: it is none then, and its bytes stay for
/// somebody to look at.
public final class BackupFiles {
    private static final int LARGEST_MANIFEST = 64 * 1024 * 1024;

    private final Location location;
    private final DatabaseKey database;
    private final UUID backup;

    public BackupFiles(Location location, DatabaseKey database, UUID backup) {
        this.location = location;
        this.database = database;
        this.backup = backup;
    }

    public Location location() {
        return location;
    }

    public Item item(String file) {
        return new Item(database, backup, file);
    }

    /// The finished backup that lies here, with this location as the only one that is known to have it.
    ///
    /// @throws BackupFault when there is a manifest that cannot be read, is another backup's or was changed
    public Optional<ManifestFile> finished(Keyring keys) throws BackupFault {
        try {
            if (location.size(item(Item.UNPROVED)).isPresent()
                    || location.size(item(Item.MANIFEST)).isEmpty()) {
                return Optional.empty();
            }
        } catch (LocationFault e) {
            throw e.asBackupFault();
        }
        return Optional.of(checked(keys));
    }

    /// The manifest that lies here, whatever lies beside it.
    ///
    /// @throws BackupFault when there is none, one that cannot be read, is another backup's or was changed, or
    ///     when the small files beside the archive are not those it tells of
    public ManifestFile checked(Keyring keys) throws BackupFault {
        try {
            byte[] bytes = manifest();
            ManifestFile manifest = ManifestFile.read(bytes);
            check(manifest, bytes, keys);
            return manifest;
        } catch (LocationFault e) {
            throw e.asBackupFault();
        } catch (SealFault e) {
            throw e.asBackupFault(where());
        } catch (JsonProcessingException e) {
            throw damaged("the manifest cannot be read: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw damaged(e.getMessage(), e);
        }
    }

    /// The bytes of the manifest.
    public byte[] manifest() throws IOException {
        return read(item(Item.MANIFEST));
    }

    /// Removes every file of the backup, the manifest first.
    public void remove() throws LocationFault {
        location.removeDrafts(database, backup);
        location.delete(item(Item.MANIFEST));
        for (String file : location.files(database, backup)) {
            location.delete(item(file));
        }
    }

    /// Says of the backup that nothing may rely on it. The bytes stay.
    public void setAside(FailureReason reason, String message) throws LocationFault {
        if (location.files(database, backup).isEmpty()) {
            return;
        }
        try {
            location.put(
                    item(Item.UNPROVED),
                    EventCodec.json()
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsBytes(Map.of("backup", backup, "reason", reason.label(), "message", message)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A whole small file.
    private byte[] read(Item item) throws IOException {
        try (InputStream in = location.open(item)) {
            byte[] bytes = in.readNBytes(LARGEST_MANIFEST + 1);
            if (bytes.length > LARGEST_MANIFEST) {
                throw new IOException("%s has more than %d bytes".formatted(item, LARGEST_MANIFEST));
            }
            return bytes;
        }
    }

    private void check(ManifestFile manifest, byte[] bytes, Keyring keys) throws IOException, BackupFault {
        if (!manifest.backup().equals(backup) || !manifest.key().equals(database)) {
            throw damaged(
                    "the manifest here belongs to backup %s of %s".formatted(manifest.backup(), manifest.key()), null);
        }
        Archive archive = manifest.archive();
        Item item = named(archive.packing().file());
        OptionalLong size = location.size(item);
        if (size.isEmpty() || size.getAsLong() != archive.sizeBytes()) {
            throw damaged(
                    "%s has %s bytes, its manifest says %d"
                            .formatted(item, size.isEmpty() ? "no" : size.getAsLong(), archive.sizeBytes()),
                    null);
        }
        if (archive.packing().hasSeal()) {
            try (InputStream in = location.open(item)) {
                SealHeader header = SealHeader.read(in);
                if (!header.backup().equals(backup)
                        || !ManifestFile.isSigned(bytes, SealedInput.manifestSeal(header, keys))) {
                    throw damaged("the manifest here was not written with this archive, or was changed", null);
                }
            }
        } else if (!ManifestFile.isWhole(bytes) || isSealed(item)) {
            // One that says of a sealed archive that it is not sealed has nobody ask for its signature.
            throw damaged("the manifest here was changed", null);
        }
        compareBeside(archive.details().roles());
    }

    private boolean isSealed(Item archive) throws IOException {
        try (InputStream in = location.open(archive)) {
            return SealHeader.isAtStartOf(in.readNBytes(SealHeader.MAGIC_BYTES));
        }
    }

    /// A file that a manifest names: it must be one of this backup's.
    private Item named(String file) throws BackupFault {
        try {
            return item(file);
        } catch (IllegalArgumentException e) {
            throw damaged("the manifest names a file that no backup has: " + e.getMessage(), e);
        }
    }

    /// What lies beside the archive is small: it is compared whole.
    private void compareBeside(Details.@Nullable SmallFile file) throws IOException, BackupFault {
        if (file == null) {
            return;
        }
        Digest digest = new Digest();
        try (InputStream in = digest.of(location.open(named(file.file())))) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (LocationFault e) {
            throw e.isMissing() ? damaged(file.file() + " is gone", e) : e.asBackupFault();
        }
        if (digest.bytes() != file.sizeBytes() || !digest.sha256().equals(file.sha256())) {
            throw damaged(file.file() + " does not have the SHA-256 it was written with", null);
        }
    }

    private BackupFault damaged(String message, Throwable cause) {
        return new BackupFault(FailureReason.ARCHIVE_DAMAGED, "%s: %s".formatted(where(), message), cause);
    }

    private String where() {
        return "location " + location.name();
    }

    /// Files of one backup wherever it may lie.
    public static List<BackupFiles> in(List<Location> locations, DatabaseKey database, UUID backup) {
        return locations.stream()
                .map(location -> new BackupFiles(location, database, backup))
                .toList();
    }
}
