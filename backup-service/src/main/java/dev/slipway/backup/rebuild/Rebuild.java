package dev.slipway.backup.rebuild;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One reading of all locations into the catalogue.
///
/// @param dryRun nothing is taken in: the report says what would be
/// @param unsealed whether backups that are not sealed are taken in although this service seals its own
/// @param report null until it is finished
public record Rebuild(
        UUID id,
        boolean dryRun,
        boolean unsealed,
        String requestedBy,
        Instant requestedAt,
        @Nullable Instant finishedAt,
        @Nullable Report report) {

    /// What was found.
    ///
    /// @param taken in, or would be
    /// @param known to the catalogue already: they are left as they are
    /// @param refused with the reason
    /// @param faults of locations that could not be read: what lies there may be missing
    public record Report(List<Taken> taken, int known, List<Refused> refused, List<String> faults) {}

    /// @param state `completed`, or `failed` when something beside it says that it did not stand its proof
    public record Taken(UUID backup, String database, Instant snapshotAt, List<String> locations, String state) {}

    /// Something that looks like a backup and is not taken for one. @param path of its manifest
    public record Refused(String location, String path, String why) {}
}
