package dev.slipway.backup.ledger;

import java.util.List;

/// What can happen to a backup.
public sealed interface Signal {

    /// A worker took it up, for the first time or after an earlier one was lost.
    record Begun() implements Signal {}

    /// The archive lies under its final name.
    record Stored(Archive archive) implements Signal {}

    /// Everything asked for was proved.
    record Proved(List<Proof> proofs) implements Signal {}

    /// The capture or a proof went wrong.
    record Broke(FailureReason reason, String message) implements Signal {}

    /// A completed backup was looked at again and is not what it was.
    record Lost(FailureReason reason, String message) implements Signal {}

    /// A drill restored a completed backup.
    record Drilled(Proof proof) implements Signal {}

    /// Retention lets it go. @param why for people
    record Outlived(String why) implements Signal {}

    /// Somebody stopped it, and nothing of it runs or lies anywhere any more. @param by who; @param reason why
    record Stopped(String by, String reason) implements Signal {}

    /// One more location has a good copy. @param location its name
    record Copied(String location) implements Signal {}
}
