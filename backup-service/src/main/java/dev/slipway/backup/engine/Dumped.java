package dev.slipway.backup.engine;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// What was seen of a database while it was dumped.
///
/// @param snapshotAt read before the snapshot was taken: nothing committed before it is missing
/// @param databaseBytes size of the database on its server
/// @param clientVersion of the program that wrote the dump
/// @param extensions name → version
/// @param tables name → rows in the snapshot
/// @param schemaVersion where its migrations stand; null when nobody can say
/// @param objects kind of object → how many
/// @param notes what somebody who restores it has to know
public record Dumped(
        Instant snapshotAt,
        long databaseBytes,
        String serverVersion,
        String clientVersion,
        String encoding,
        String collation,
        SortedMap<String, String> extensions,
        SortedMap<String, Long> tables,
        @Nullable String schemaVersion,
        SortedMap<String, Long> objects,
        List<String> notes) {}
