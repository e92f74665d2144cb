package dev.slipway.backup.ledger;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Why there is no proved backup: a closed set, told in events and answers and used as the label of the metric.
public enum FailureReason {
    /// The manifest, or the server, has no database of that name.
    UNKNOWN_DATABASE,
    /// The manifest the release was made with has not reached this service.
    UNKNOWN_MANIFEST,
    /// Asked for what this service cannot do: another proof, more locations than the database has.
    UNSUPPORTED_REQUEST,
    /// Whoever asked stopped waiting before an answer was there.
    DEADLINE_PASSED,
    /// A reference of the manifest (`${env:…}`, `${file:…}`) has no value here.
    SECRET_MISSING,
    /// No client program of the server's major version or newer is installed.
    CLIENT_MISSING,
    /// The database server did not answer, or went away.
    SERVER_UNREACHABLE,
    /// Wrong password, unknown role, or a right is missing.
    ACCESS_DENIED,
    /// A table stayed locked for longer than the backup may wait.
    LOCK_TIMEOUT,
    /// The whole took longer than it may.
    TIME_LIMIT,
    /// The dump program ended with an error, or did not write what it should.
    DUMP_FAILED,
    /// The archive could not be written or read.
    STORAGE_FAILED,
    /// A location has no room left.
    STORAGE_FULL,
    /// A location refused: wrong credentials, or a right is missing.
    STORAGE_DENIED,
    /// A location did not answer, or took nothing for too long.
    STORAGE_UNREACHABLE,
    /// The master key a backup was sealed under is not at hand.
    KEY_MISSING,
    /// The master key of that name is not the one a backup was sealed under.
    KEY_WRONG,
    /// The dump left out objects that the database has.
    OBJECTS_MISSING,
    /// Far larger or smaller than the database, the backups before it or the range set for it.
    SIZE_IMPLAUSIBLE,
    /// The stored bytes are not those that were written, or the archive cannot be read to its end.
    ARCHIVE_DAMAGED,
    /// The archive could not be restored into a scratch database.
    RESTORE_FAILED,
    /// What was restored does not have the rows the snapshot had.
    COUNTS_DIFFER,
    /// One of the database's own checks was not true in what was restored.
    CHECK_FAILED,
    /// Somebody cancelled the backup that was waited for.
    CANCELLED,
    /// The service ended in the middle of it, again and again.
    INTERRUPTED;

    /// The name on the wire, in the metric and in the answers: `lock-timeout`.
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
