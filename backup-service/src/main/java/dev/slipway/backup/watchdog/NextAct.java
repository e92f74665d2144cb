package dev.slipway.backup.watchdog;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.FailureReason;

/// What to do about what went wrong, in a sentence for the person who is called.
public final class NextAct {
    private NextAct() {}

    /// After a backup failed.
    public static String after(FailureReason reason) {
        return switch (reason) {
            case UNKNOWN_DATABASE -> "name the database in the manifest, or ask for one that is there";
            case UNKNOWN_MANIFEST -> "put the manifest of the release here too: ./slipway apply";
            case UNSUPPORTED_REQUEST -> "ask for a proof and for locations that the database has in the manifest";
            case DEADLINE_PASSED -> "give the gate or the step more time, or let a schedule take the backup before";
            case SECRET_MISSING -> "give this service the value of the reference, then take the backup again";
            case CLIENT_MISSING -> "install the package that the message names, then take the backup again";
            case SERVER_UNREACHABLE -> "see that the database server answers from here, then take the backup again";
            case ACCESS_DENIED -> "give the role its password and rights, then take the backup again";
            case LOCK_TIMEOUT -> "find who holds the table, a migration for one, then take the backup again";
            case TIME_LIMIT -> "look at what slows it down, or raise its time limit, then take the backup again";
            case DUMP_FAILED -> "look at the message and at the database server's log, then take the backup again";
            case STORAGE_FAILED -> "see that the location is there and has room, then take the backup again";
            case STORAGE_FULL -> "make room in the location, or let retention keep less, then take the backup again";
            case STORAGE_DENIED -> "give this service its credentials and rights there, then take the backup again";
            case STORAGE_UNREACHABLE -> "see that the location answers from here, then take the backup again";
            case KEY_MISSING -> "give this service the master key of that name: without it the backup is lost";
            case KEY_WRONG -> "find the master key that bore this name when the backup was taken";
            case OBJECTS_MISSING -> "give the role the rights to read what is missing, then take the backup again";
            case SIZE_IMPLAUSIBLE -> "look at what changed in the database; set its range anew if that was meant";
            case ARCHIVE_DAMAGED -> "check the disk or bucket it lay on; take another backup now";
            case RESTORE_FAILED -> "look at the message: the backup is there but does not restore; take another now";
            case COUNTS_DIFFER -> "rely on an earlier backup, look at what differs, take another now";
            case CHECK_FAILED ->
                "look at the check and at the data it asks about; rely on an earlier backup until then";
            case CANCELLED -> "ask who cancelled it, then take the backup again";
            case INTERRUPTED -> "look at the service's log around its start, then take the backup again";
        };
    }

    /// How to take one by hand.
    public static String takeOne(DatabaseKey database) {
        return "look at the latest attempts, then take one now: POST /api/v1/applications/%s/databases/%s/backups"
                .formatted(database.application(), database.name());
    }
}
