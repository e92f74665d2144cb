package dev.slipway.backup.ledger;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Archives nobody stored.
public final class Archives {
    private Archives() {}

    public static Archive withRows(long rows) {
        return at(Instant.parse("2026-03-01T10:00:00Z"), rows);
    }

    public static Archive at(Instant snapshotAt, long rows) {
        return new Archive(
                snapshotAt,
                snapshotAt.plusSeconds(1),
                12_345,
                "0123456789abcdef".repeat(4),
                999_999,
                "15.19",
                "15.18",
                "UTF8",
                "C.UTF-8",
                new TreeMap<>(Map.of("plpgsql", "1.0")),
                new TreeMap<>(Map.of("public.orders", rows)),
                List.of("disk"),
                new Packing(
                        "archive.dump.zst",
                        Packing.POSTGRESQL,
                        "zstd",
                        54_321,
                        "fedcba9876543210".repeat(4),
                        null,
                        null),
                Details.NONE);
    }

    /// The same archive with other counts.
    public static Archive counted(Archive archive, Map<String, Long> tables) {
        return new Archive(
                archive.snapshotAt(),
                archive.writtenAt(),
                archive.sizeBytes(),
                archive.sha256(),
                archive.databaseBytes(),
                archive.serverVersion(),
                archive.clientVersion(),
                archive.encoding(),
                archive.collation(),
                archive.extensions(),
                new TreeMap<>(tables),
                archive.locations(),
                archive.packing(),
                archive.details());
    }

    /// The same archive, said to consist of other objects.
    public static Archive consistingOf(Archive archive, Map<String, Long> objects) {
        Details details = archive.details();
        return new Archive(
                archive.snapshotAt(),
                archive.writtenAt(),
                archive.sizeBytes(),
                archive.sha256(),
                archive.databaseBytes(),
                archive.serverVersion(),
                archive.clientVersion(),
                archive.encoding(),
                archive.collation(),
                archive.extensions(),
                archive.tables(),
                archive.locations(),
                archive.packing(),
                new Details(details.schemaVersion(), new TreeMap<>(objects), details.notes(), details.roles()));
    }

    /// The same archive, said to have seen one thing in another number.
    public static Archive seen(Archive archive, String what, long number) {
        Map<String, Long> objects = new TreeMap<>(archive.details().objects());
        objects.put(what, number);
        return consistingOf(archive, objects);
    }

    /// The same archive, said to have been written as these bytes.
    public static Archive stored(Archive archive, byte[] bytes) {
        return new Archive(
                archive.snapshotAt(),
                archive.writtenAt(),
                bytes.length,
                sha256(bytes),
                archive.databaseBytes(),
                archive.serverVersion(),
                archive.clientVersion(),
                archive.encoding(),
                archive.collation(),
                archive.extensions(),
                archive.tables(),
                archive.locations(),
                archive.packing(),
                archive.details());
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
