package dev.slipway.backup.disk;

import dev.slipway.backup.ledger.Archive;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;

/// An archive on its way to the disk, hashed as it goes. Closed before [#publish] came to its end it leaves
/// nothing.
public final class Draft implements AutoCloseable {
    /// How the temporary names end. They begin with one of this draft's own: a worker that lost its lease may
    /// still be writing another.
    static final String PART = ".part";

    private final BackupFolder folder;
    private final Path archivePart;
    private final Path manifestPart;
    private final FileChannel file;
    private final MessageDigest digest = Sha256.digest();
    private long size;
    private boolean published;

    Draft(BackupFolder folder) throws IOException {
        String name = UUID.randomUUID().toString();
        this.folder = folder;
        this.archivePart = folder.archive().resolveSibling(name + ".dump" + PART);
        this.manifestPart = folder.archive().resolveSibling(name + ".json" + PART);
        this.file = BackupFolder.create(archivePart);
    }

    /// Where the archive's bytes go.
    public OutputStream sink() {
        return new OutputStream() {
            @Override
            public void write(int single) throws IOException {
                write(new byte[] {(byte) single}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                writeAll(file, ByteBuffer.wrap(bytes, offset, length));
                digest.update(bytes, offset, length);
                size += length;
            }
        };
    }

    /// What arrived. @param sha256 of the bytes as they came, lower-case hex
    public record Written(long sizeBytes, String sha256) {}

    /// Ends the writing: everything is on disk when this returns, still under a temporary name.
    public Written finish() throws IOException {
        file.force(true);
        file.close();
        return new Written(size, HexFormat.of().formatHex(digest.digest()));
    }

    /// Gives archive and manifest their final names, the manifest's last.
    public void publish(Archive archive) throws IOException {
        Files.move(archivePart, folder.archive(), StandardCopyOption.ATOMIC_MOVE);
        try {
            try (FileChannel manifest = BackupFolder.create(manifestPart)) {
                writeAll(manifest, ByteBuffer.wrap(folder.describe(archive)));
                manifest.force(true);
            }
            folder.sync();
            Files.move(manifestPart, folder.manifest(), StandardCopyOption.ATOMIC_MOVE);
            folder.sync();
            published = true;
        } finally {
            if (!published) {
                Files.deleteIfExists(folder.manifest());
                Files.deleteIfExists(folder.archive());
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        if (!published) {
            Files.deleteIfExists(archivePart);
            Files.deleteIfExists(manifestPart);
            folder.removeIfEmpty();
        }
    }

    private static void writeAll(FileChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
