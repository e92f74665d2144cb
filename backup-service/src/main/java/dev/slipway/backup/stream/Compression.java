package dev.slipway.backup.stream;

import com.fasterxml.jackson.annotation.JsonValue;
import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// How a dump is made smaller on its way to where it is kept.
public enum Compression {
    /// Level 3: three times as fast as gzip and smaller.
    ZSTD(".zst"),
    /// What every tool reads.
    GZIP(".gz"),
    /// As the program wrote it; it may have compressed by itself.
    NONE("");

    private static final int ZSTD_LEVEL = 3;
    private static final int BUFFER = 64 * 1024;

    private final String ending;

    Compression(String ending) {
        this.ending = ending;
    }

    /// What the names of such files end with.
    public String ending() {
        return ending;
    }

    /// The name in manifests: `zstd`, `gzip`, `none`.
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException when it is no such label
    public static Compression ofLabel(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /// A stream that compresses into `to`. Closing it ends what is compressed.
    OutputStream onto(OutputStream to) throws IOException {
        return switch (this) {
            case ZSTD ->
                new ZstdOutputStreamNoFinalizer(to, RecyclingBufferPool.INSTANCE, ZSTD_LEVEL).setChecksum(true);
            case GZIP -> new FastGzip(to);
            case NONE -> to;
        };
    }

    /// What was compressed; an end that is missing is a fault.
    public InputStream from(InputStream in) throws IOException {
        return switch (this) {
            case ZSTD -> new ZstdInputStreamNoFinalizer(in, RecyclingBufferPool.INSTANCE);
            case GZIP -> new GZIPInputStream(in, BUFFER);
            case NONE -> in;
        };
    }

    /// With a level that is worth its time.
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream to) throws IOException {
            super(to, BUFFER);
            def.setLevel(Deflater.DEFAULT_COMPRESSION);
        }
    }
}
