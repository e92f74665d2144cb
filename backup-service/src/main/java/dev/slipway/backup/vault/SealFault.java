package dev.slipway.backup.vault;

import static java.util.Objects.requireNonNull;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A sealed file could not be opened.
public final class SealFault extends IOException {
    private static final long serialVersionUID = 1L;

    public enum Reason {
        /// It does not begin as a sealed file does, or is of a format this version does not know.
        UNKNOWN_FORMAT,
        /// No master key of the name it was sealed under is at hand.
        KEY_MISSING,
        /// The master key of that name is another one, or the header was changed.
        KEY_WRONG,
        /// It ends before its last frame.
        CUT,
        /// A frame is not what was written at its place.
        DAMAGED
    }

    private final Reason reason;

    SealFault(Reason reason, String message) {
        this(reason, message, null);
    }

    SealFault(Reason reason, String message, @Nullable Throwable cause) {
        super(requireNonNull(message, "message"), cause);
        this.reason = requireNonNull(reason, "reason");
    }

    public Reason reason() {
        return reason;
    }

    /// As what it means for a backup. @param where the location
    public BackupFault asBackupFault(String where) {
        FailureReason why = switch (reason) {
            case KEY_MISSING -> FailureReason.KEY_MISSING;
            case KEY_WRONG -> FailureReason.KEY_WRONG;
            case UNKNOWN_FORMAT, CUT, DAMAGED -> FailureReason.ARCHIVE_DAMAGED;
        };
        return new BackupFault(why, "%s: %s".formatted(where, getMessage()), this);
    }
}
