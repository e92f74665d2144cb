package dev.slipway.backup.ledger;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a capture stored, and what the database looked like in the snapshot it was taken from.
///
/// @param snapshotAt the backup shows the database at this moment or a little later: the clock was read before the
///     snapshot was taken, so nothing committed before it is missing
/// @param writtenAt when the last byte was on disk
/// @param sizeBytes of the archive as it is stored
/// @param sha256 of the archive as it is stored, lower-case hex, taken from the bytes on their way
/// @param databaseBytes size of the database on its server
/// @param serverVersion such as `15.19`
/// @param clientVersion of the program that wrote it
/// @param encoding and `collation` of the database: a restore needs the same
/// @param extensions name → version
/// @param tables `schema.table` → rows counted in the snapshot
/// @param locations where the archive lies
/// @param packing what has to be undone to read it
/// @param details what else is worth knowing of the database
public record Archive(
        Instant snapshotAt,
        Instant writtenAt,
        long sizeBytes,
        String sha256,
        long databaseBytes,
        String serverVersion,
        String clientVersion,
        String encoding,
        String collation,
        SortedMap<String, String> extensions,
        SortedMap<String, Long> tables,
        List<String> locations,
        Packing packing,
        Details details) {

    public Archive {
        // It may have been read from a file that anybody wrote.
        requireNonNull(snapshotAt, "snapshotAt");
        requireNonNull(writtenAt, "writtenAt");
        requireNonNull(serverVersion, "serverVersion");
        requireNonNull(clientVersion, "clientVersion");
        requireNonNull(encoding, "encoding");
        requireNonNull(collation, "collation");
        if (sizeBytes <= 0) {
            throw new IllegalArgumentException("an archive is not empty: " + sizeBytes);
        }
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a SHA-256 in lower-case hex: " + sha256);
        }
        extensions = Collections.unmodifiableSortedMap(new TreeMap<>(extensions));
        tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
        locations = List.copyOf(locations);
        // Stored before there was more than one way: as the program wrote it.
        packing = packing == null ? Packing.asWritten(Packing.FIRST_FILE, sizeBytes, sha256) : packing;
        details = details == null ? Details.NONE : details;
    }

    /// The same archive in other locations.
    public Archive in(List<String> others) {
        return new Archive(
                snapshotAt,
                writtenAt,
                sizeBytes,
                sha256,
                databaseBytes,
                serverVersion,
                clientVersion,
                encoding,
                collation,
                extensions,
                tables,
                others,
                packing,
                details);
    }

    /// All rows of the snapshot.
    public long totalRows() {
        return tables.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Major version of the programs that can read it: theirs or a newer one.
    public int clientMajor() {
        return Integer.parseInt(clientVersion.replaceFirst("\\D.*", ""));
    }

    /// The tables whose rows differ from `restored`, told in a few words; empty when all are equal.
    public List<String> differences(Map<String, Long> restored) {
        var names = new TreeMap<String, Long>(restored);
        names.putAll(tables);
        return names.keySet().stream()
                .filter(name -> !tables.getOrDefault(name, -1L).equals(restored.getOrDefault(name, -1L)))
                .map(name ->
                        "%s: %s in the snapshot, %s restored".formatted(name, rows(tables, name), rows(restored, name)))
                .toList();
    }

    private static String rows(Map<String, Long> counts, String table) {
        Long rows = counts.get(table);
        return rows == null ? "no such table" : rows.toString();
    }
}
