package dev.slipway.deploy.release;

/// What a person may choose for a held release.
public enum Choice {
    /// Do the step that stopped the release again.
    RETRY("retry"),
    /// Go on as though the step that stopped the release had passed.
    CONTINUE("continue"),
    /// Undo what was done.
    ROLLBACK("rollback"),
    /// Leave things as they are; only maintenance mode is switched off.
    ABANDON("abandon");

    private final String tag;

    Choice(String tag) {
        this.tag = tag;
    }

    public String tag() {
        return tag;
    }
}
