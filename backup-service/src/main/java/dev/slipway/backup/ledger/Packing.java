package dev.slipway.backup.ledger;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// How an archive was packed on its way to where it is kept.
///
/// @param file its name, beside its manifest
/// @param content what the program wrote: [#POSTGRESQL] or [#SQL]
/// @param compression around it: `zstd`, `gzip` or `none`
/// @param plainBytes length of what the program wrote
/// @param plainSha256 of what the program wrote, lower-case hex
/// @param key name of the master key it is sealed under; null when it is not sealed
/// @param frames how many it has when it is sealed
public record Packing(
        String file,
        String content,
        String compression,
        long plainBytes,
        String plainSha256,
        @Nullable String key,
        @Nullable Long frames) {
    /// PostgreSQL's custom format, for `pg_restore`.
    public static final String POSTGRESQL = "postgresql-custom";

    /// SQL, as `mariadb-dump` and `mysqldump` write it.
    public static final String SQL = "sql";

    public Packing {
        requireNonNull(file, "file");
        requireNonNull(content, "content");
        requireNonNull(compression, "compression");
        requireNonNull(plainSha256, "plainSha256");
    }

    /// What archives were called before there was more than one way to pack them.
    static final String FIRST_FILE = "archive.dump";

    /// Neither compressed around it nor sealed.
    static Packing asWritten(String file, long bytes, String sha256) {
        return new Packing(file, POSTGRESQL, "none", bytes, sha256, null, null);
    }

    public boolean hasSeal() {
        return key != null;
    }
}
