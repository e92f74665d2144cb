package dev.slipway.deploy.release;

/// How a release ended.
public enum Outcome {
    COMPLETED("completed"),
    ROLLED_BACK("rolledBack"),
    FAILED("failed"),
    CANCELLED("cancelled"),
    SUPERSEDED("superseded");

    private final String tag;

    Outcome(String tag) {
        this.tag = tag;
    }

    /// In stored states, on the wire and in labels.
    public String tag() {
        return tag;
    }
}
