package dev.slipway.backup.location;

import static java.util.Objects.requireNonNull;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A location did not do what it was asked. The message names the location and holds no secret.
public final class LocationFault extends IOException {
    private static final long serialVersionUID = 1L;

    /// What is wrong, as far as it matters to what is done next.
    public enum Reason {
        /// There is no such file.
        MISSING,
        /// The bucket or folder itself is not there.
        NO_SUCH_PLACE,
        /// No room is left, or a quota is used up.
        FULL,
        /// Wrong credentials, an unknown host key, or a right is missing.
        DENIED,
        /// It did not answer, or went away in the middle.
        UNREACHABLE,
        /// It took nothing for too long.
        STALLED,
        /// Anything else.
        BROKEN
    }

    private final Reason reason;

    public LocationFault(Reason reason, String message, @Nullable Throwable cause) {
        super(requireNonNull(message, "message"), cause);
        this.reason = requireNonNull(reason, "reason");
    }

    public Reason reason() {
        return reason;
    }

    public boolean isMissing() {
        return reason == Reason.MISSING;
    }

    /// As the end of a backup that needed this location.
    public BackupFault asBackupFault() {
        FailureReason why = switch (reason) {
            case FULL -> FailureReason.STORAGE_FULL;
            case DENIED -> FailureReason.STORAGE_DENIED;
            case UNREACHABLE, STALLED -> FailureReason.STORAGE_UNREACHABLE;
            case MISSING, NO_SUCH_PLACE, BROKEN -> FailureReason.STORAGE_FAILED;
        };
        return new BackupFault(why, getMessage(), this);
    }
}
