package dev.slipway.backup.vault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.backup.vault.SealFault.Reason;
import dev.slipway.events.EventCodec;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/// The beginning of a sealed file: all that is needed to open it but the master key.
///
/// Eight bytes of magic and version, the length of what follows as four bytes (big endian), then this record as JSON.
/// Everything in it but the wrapped key is bound to every frame: changing it makes the frames unreadable.
///
/// @param backup whose file it is
/// @param content what is inside, once opened and decompressed: `postgresql-custom`, `sql`, `roles`
/// @param compression of what is inside: `zstd`, `gzip` or `none`
/// @param cipher `AES-256-GCM`
/// @param frameBytes length of every stored frame but the last, its 16 bytes of authentication included
/// @param key the wrapped key
public record SealHeader(
        UUID backup, String content, String compression, String cipher, int frameBytes, WrappedKey key) {
    static final String CIPHER = "AES-256-GCM";
    static final int FRAME_BYTES = 64 * 1024;
    static final int TAG_BYTES = 16;

    /// How many bytes tell a sealed file from others.
    public static final int MAGIC_BYTES = 8;

    private static final byte[] MAGIC = {'S', 'L', 'I', 'P', 'W', 'A', 'Y', 1};
    private static final int LARGEST = 16 * 1024;
    private static final ObjectMapper JSON = EventCodec.json();

    public SealHeader {
        if (frameBytes <= TAG_BYTES || frameBytes > FRAME_BYTES) {
            throw new IllegalArgumentException("frames of %d bytes".formatted(frameBytes));
        }
    }

    /// The same file's header with its key wrapped anew.
    SealHeader with(WrappedKey otherKey) {
        return new SealHeader(backup, content, compression, cipher, frameBytes, otherKey);
    }

    /// What the frames are bound to.
    byte[] bound() {
        return "slipway/1 %s %s %s %s %d"
                .formatted(backup, content, compression, cipher, frameBytes)
                .getBytes(StandardCharsets.UTF_8);
    }

    public byte[] write() {
        try (var bytes = new ByteArrayOutputStream();
                var out = new DataOutputStream(bytes)) {
            byte[] json = JSON.writeValueAsBytes(this);
            out.write(MAGIC);
            out.writeInt(json.length);
            out.write(json);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether a file that begins with these bytes is a sealed one.
    public static boolean isAtStartOf(byte[] bytes) {
        return bytes.length >= MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /// Reads the header and leaves the stream at the first frame.
    ///
    /// @throws SealFault when there is none, or one that cannot be read
    public static SealHeader read(InputStream from) throws IOException {
        var in = new DataInputStream(from);
        try {
            if (!isAtStartOf(in.readNBytes(MAGIC.length))) {
                throw new SealFault(Reason.UNKNOWN_FORMAT, "it does not begin as a file sealed by Slipway does");
            }
            int length = in.readInt();
            if (length < 2 || length > LARGEST) {
                throw new SealFault(Reason.DAMAGED, "its header is damaged: a length of " + length);
            }
            byte[] json = in.readNBytes(length);
            if (json.length < length) {
                throw new SealFault(Reason.CUT, "it ends within its header");
            }
            SealHeader header = JSON.readValue(json, SealHeader.class);
            if (header == null
                    || header.backup == null
                    || header.content == null
                    || header.compression == null
                    || header.key == null
                    || header.key.name() == null
                    || header.key.wrapped() == null) {
                throw new SealFault(Reason.DAMAGED, "its header is damaged: something is missing in it");
            }
            if (!CIPHER.equals(header.cipher)) {
                throw new SealFault(Reason.DAMAGED, "its header is damaged: the cipher '%s'".formatted(header.cipher));
            }
            return header;
        } catch (EOFException e) {
            throw new SealFault(Reason.CUT, "it ends within its header", e);
        } catch (JsonProcessingException e) {
            throw new SealFault(Reason.DAMAGED, "its header is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
