package dev.slipway.deploy.traffic;

/// A router refused, or could not be reached. The reason holds no secret.
public final class RouterFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean retryable;

    /// @param retryable whether the same call may work later
    public RouterFailure(String reason, boolean retryable) {
        super(reason);
        this.retryable = retryable;
    }

    public boolean retryable() {
        return retryable;
    }
}
