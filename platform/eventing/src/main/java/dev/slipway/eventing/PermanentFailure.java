package dev.slipway.eventing;

/// Trying again cannot help: the event becomes a dead letter with this reason and holds its key until somebody decides.
public final class PermanentFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PermanentFailure(String reason) {
        super(reason);
    }
}
