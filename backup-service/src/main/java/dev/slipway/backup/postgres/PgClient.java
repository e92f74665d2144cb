package dev.slipway.backup.postgres;

import java.nio.file.Path;

/// An installed pair of `pg_dump` and `pg_restore`.
///
/// @param folder that holds both
/// @param version as they tell it, `15.18`
public record PgClient(Path folder, int major, String version) {
    Path dump() {
        return folder.resolve("pg_dump");
    }

    Path dumpAll() {
        return folder.resolve("pg_dumpall");
    }

    Path restore() {
        return folder.resolve("pg_restore");
    }
}
