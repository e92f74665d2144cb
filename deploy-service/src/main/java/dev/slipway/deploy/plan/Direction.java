package dev.slipway.deploy.plan;

/// Which of a release's plans a step belongs to.
public enum Direction {
    /// The plan that was made when the release was queued.
    FORWARD("forward"),
    /// The compensation, made when the release was called back.
    BACK("back");

    private final String tag;

    Direction(String tag) {
        this.tag = tag;
    }

    public String tag() {
        return tag;
    }

    public static Direction ofTag(String tag) {
        return tag.equals(BACK.tag) ? BACK : FORWARD;
    }
}
