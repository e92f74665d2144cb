package dev.slipway.deploy.release;

/// What a signal does to a release, and why.
public sealed interface Decision {
    /// For people, and kept.
    String why();

    /// The release is in the next state now, which may be the one it was in.
    record Move(ReleaseState next, String why) implements Decision {}

    /// Already so, or of no consequence any more: nothing changes, and that is fine.
    record Ignore(String why) implements Decision {}

    /// Not possible in this state: whoever sent it should know.
    record Refuse(String why) implements Decision {}
}
