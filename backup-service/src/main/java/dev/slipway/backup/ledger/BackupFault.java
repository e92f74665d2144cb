package dev.slipway.backup.ledger;

import static java.util.Objects.requireNonNull;

/// A backup, or a proof of it, went wrong for a reason somebody can act on.
///
/// The message is for people and goes into events and answers: it names what was tried and what came of it, and
/// holds no secret.
public final class BackupFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final FailureReason reason;

    public BackupFault(FailureReason reason, String message) {
        this(reason, message, null);
    }

    public BackupFault(FailureReason reason, String message, Throwable cause) {
        super(requireNonNull(message, "message"), cause);
        this.reason = requireNonNull(reason, "reason");
    }

    public FailureReason reason() {
        return reason;
    }
}
