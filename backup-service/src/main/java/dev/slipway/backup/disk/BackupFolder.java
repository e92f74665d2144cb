package dev.slipway.backup.disk;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.DatabaseKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The folder of one backup: `archive.dump`, and `manifest.json` that makes it a backup.
///
/// A file gets its final name when its last byte is on disk, and the manifest gets it last. What is under another
/// name is not a backup and may be removed. Only this user may read any of it.
public final class BackupFolder {
    private static final String ARCHIVE = "archive.dump";
    private static final String MANIFEST = "manifest.json";
    private static final String UNPROVED = ".unproved";

    private static final FileAttribute<?> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path root;
    private final Path path;
    private final UUID backup;
    private final DatabaseKey database;

    BackupFolder(Path root, Path path, UUID backup, DatabaseKey database) {
        this.root = root;
        this.path = path;
        this.backup = backup;
        this.database = database;
    }

    /// Where the archive lies, or will.
    public Path archive() {
        return path.resolve(ARCHIVE);
    }

    /// A new archive, under a temporary name until it is published.
    public Draft begin() throws IOException {
        Files.createDirectories(path, PRIVATE_FOLDER);
        return new Draft(this);
    }

    /// The finished backup in this folder, as its manifest tells it.
    ///
    /// @throws IOException when there is a manifest that cannot be read or belongs to another backup
    public Optional<Archive> finished() throws IOException {
        StoredManifest manifest;
        try {
            manifest = StoredManifest.read(Files.readAllBytes(manifest()));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        if (!manifest.backup().equals(backup)) {
            throw new IOException("%s belongs to backup %s".formatted(manifest(), manifest.backup()));
        }
        return Optional.of(manifest.archive());
    }

    /// Removes what unfinished captures left, whatever its name; a finished backup stays.
    public void removeLeftovers() throws IOException {
        if (!Files.isDirectory(path)) {
            return;
        }
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(path, "*" + Draft.PART)) {
            for (Path part : parts) {
                Files.deleteIfExists(part);
            }
        }
        if (!Files.exists(manifest())) {
            Files.deleteIfExists(archive());
            removeIfEmpty();
        }
    }

    /// Takes their final names from the files of a backup that did not stand its proof. The bytes stay, for
    /// somebody to look at.
    public void setAside() throws IOException {
        // The manifest first: without it there is no backup here.
        for (Path file : List.of(manifest(), archive())) {
            if (Files.exists(file)) {
                Files.move(file, file.resolveSibling(file.getFileName() + UNPROVED), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        if (Files.isDirectory(path)) {
            sync(path);
        }
    }

    Path manifest() {
        return path.resolve(MANIFEST);
    }

    byte[] describe(Archive archive) throws IOException {
        return new StoredManifest(StoredManifest.FORMAT, backup, database.application(), database.name(), archive)
                .write();
    }

    /// A new file that only this user may read.
    static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE);
    }

    /// Makes new names in this folder last, and those of the folders that lead to it.
    void sync() throws IOException {
        for (Path folder = path; folder.startsWith(root); folder = folder.getParent()) {
            sync(folder);
        }
    }

    void removeIfEmpty() throws IOException {
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException _) {
            // Something that was set aside, or is somebody else's: it stays.
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
