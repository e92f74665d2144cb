package dev.slipway.eventing;

/// Trying again later may help: the event is retried with back-off until the inbox's deadline, holding only its key.
public final class TemporaryFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TemporaryFailure(String reason) {
        super(reason);
    }

    public TemporaryFailure(String reason, Throwable cause) {
        super(reason, cause);
    }
}
