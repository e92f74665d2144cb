package dev.slipway.backup.location;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.location.LocationFault.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// A folder of this machine, or of one it has mounted. Only this user may read what is written there.
///
/// A file gets its final name when its last byte is on disk. Names that begin with a dot are this service's own and
/// no backups.
public final class DiskLocation implements Location {
    /// The name of the one that every service has.
    public static final String DISK = "disk";

    /// How the temporary names end. They begin with one of their own: a worker that lost its lease may still be
    /// writing another.
    static final String PART = ".part";

    private static final FileAttribute<?> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final String name;
    private final Path root;

    public DiskLocation(String name, Path root) {
        this.name = name;
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String place() {
        return root.toString();
    }

    /// Where a file lies, or will.
    public Path path(Item item) {
        return root.resolve(item.path());
    }

    @Override
    public Draft begin(Item item) throws LocationFault {
        Path file = path(item);
        try {
            Files.createDirectories(folderOf(file), PRIVATE_FOLDER);
            return new DiskDraft(this, file);
        } catch (IOException e) {
            throw fault(e, "beginning " + item);
        }
    }

    @Override
    public void put(Item item, byte[] content) throws LocationFault {
        try (Draft draft = begin(item)) {
            draft.write(ByteBuffer.wrap(content));
            draft.finish();
            draft.publish();
        }
    }

    @Override
    public InputStream open(Item item) throws LocationFault {
        try {
            return Files.newInputStream(path(item));
        } catch (IOException e) {
            throw fault(e, "opening " + item);
        }
    }

    @Override
    public OptionalLong size(Item item) throws LocationFault {
        try {
            return OptionalLong.of(Files.size(path(item)));
        } catch (NoSuchFileException _) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw fault(e, "looking at " + item);
        }
    }

    @Override
    public void delete(Item item) throws LocationFault {
        Path file = path(item);
        try {
            if (Files.deleteIfExists(file)) {
                sync(folderOf(file));
            }
            removeIfEmpty(folderOf(file));
        } catch (IOException e) {
            throw fault(e, "deleting " + item);
        }
    }

    @Override
    public List<Found> list() throws LocationFault {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !isOwn(file) && !Files.isDirectory(file))
                    .map(this::found)
                    .toList();
        } catch (IOException e) {
            throw fault(e, "listing");
        } catch (UncheckedIOException e) {
            throw fault(e.getCause(), "listing");
        }
    }

    @Override
    public List<String> files(DatabaseKey database, UUID backup) throws LocationFault {
        Path folder = root.resolve(Item.folder(database, backup));
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !isOwn(file))
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw fault(e, "listing " + backup);
        }
    }

    @Override
    public void removeDrafts(DatabaseKey database, UUID backup) throws LocationFault {
        Path folder = root.resolve(Item.folder(database, backup));
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + PART)) {
                for (Path part : parts) {
                    Files.deleteIfExists(part);
                }
            }
            removeIfEmpty(folder);
        } catch (IOException e) {
            throw fault(e, "removing what was left of " + backup);
        }
    }

    /// A new file that only this user may read.
    static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE);
    }

    /// Makes new names in this folder last, and those of the folders that lead to it.
    void syncUpwards(Path folder) throws IOException {
        for (Path up = folder; up != null && up.startsWith(root); up = up.getParent()) {
            sync(up);
        }
    }

    /// A folder without files is nothing to anybody.
    void removeIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException _) {
            // Something else of this backup, or somebody else's: it stays.
        }
    }

    LocationFault fault(IOException e, String what) {
        if (e instanceof LocationFault fault) {
            return fault;
        }
        String message = "location %s: %s: %s".formatted(name, what, said(e));
        return new LocationFault(reason(e), message, e);
    }

    private static Reason reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return Reason.MISSING;
        }
        if (e instanceof AccessDeniedException) {
            return Reason.DENIED;
        }
        String said = String.valueOf(e.getMessage());
        return said.contains("No space left") || said.contains("Disk quota") || said.contains("File too large")
                ? Reason.FULL
                : Reason.BROKEN;
    }

    private static String said(IOException e) {
        // A message that is only a path says too little.
        return e instanceof FileSystemException ? e.toString() : String.valueOf(e.getMessage());
    }

    private Found found(Path file) {
        try {
            return new Found(
                    root.relativize(file).toString(),
                    Files.size(file),
                    Files.getLastModifiedTime(file).toInstant());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isOwn(Path file) {
        for (Path part : root.relativize(file)) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return file.getFileName().toString().endsWith(PART);
    }

    private static Path folderOf(Path file) {
        return file.resolveSibling("");
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
