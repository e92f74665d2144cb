package dev.slipway.backup.stream;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Packing;
import dev.slipway.backup.vault.Keyring;
import dev.slipway.backup.vault.SealFault;
import dev.slipway.backup.vault.SealedInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// What a dump program wrote, taken out of a stored archive again: hashed as it is stored, opened, decompressed, hashed
/// as it was written.
public final class Unpacked extends InputStream {
    private final Digest storedDigest = new Digest();
    private final Digest plainDigest = new Digest();
    private final InputStream stored;
    private final @Nullable SealedInput sealed;
    private final InputStream plain;

    private Unpacked(InputStream from, Packing packing, Keyring keys) throws IOException {
        stored = storedDigest.of(from);
        sealed = packing.hasSeal() ? SealedInput.open(stored, keys) : null;
        InputStream opened = sealed == null ? stored : sealed;
        plain = plainDigest.of(Compression.ofLabel(packing.compression()).from(opened));
    }

    /// @param from the stored archive, closed with this
    /// @throws SealFault when the keys do not open it
    public static Unpacked of(InputStream from, Packing packing, Keyring keys) throws IOException {
        try {
            return new Unpacked(from, packing, keys);
        } catch (IOException | RuntimeException e) {
            from.close();
            throw e;
        }
    }

    /// Reads what is left of it and compares all of it with what was written.
    ///
    /// @throws BackupFault `archive-damaged`, with the first difference
    public void compare(Archive archive, String where) throws BackupFault, IOException {
        plain.transferTo(OutputStream.nullOutputStream());
        stored.transferTo(OutputStream.nullOutputStream());
        Packing packing = archive.packing();
        same(where, "stored bytes", archive.sizeBytes(), storedDigest.bytes());
        same(where, "SHA-256 of the stored bytes", archive.sha256(), storedDigest.sha256());
        same(where, "bytes inside", packing.plainBytes(), plainDigest.bytes());
        same(where, "SHA-256 of the bytes inside", packing.plainSha256(), plainDigest.sha256());
        if (sealed != null && packing.frames() != null) {
            same(where, "frames", packing.frames(), sealed.frames());
        }
    }

    private static void same(String where, String what, Object written, Object found) throws BackupFault {
        if (!written.equals(found)) {
            throw new BackupFault(
                    FailureReason.ARCHIVE_DAMAGED,
                    "%s: %s: %s were written, %s found".formatted(where, what, written, found));
        }
    }

    @Override
    public int read() throws IOException {
        return plain.read();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        return plain.read(to, offset, length);
    }

    @Override
    public void close() throws IOException {
        plain.close();
        stored.close();
    }
}
