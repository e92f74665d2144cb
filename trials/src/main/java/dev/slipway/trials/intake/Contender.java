package dev.slipway.trials.intake;

import java.net.URI;
import java.util.Set;

/// Something that takes signed deliveries.
interface Contender {
    String name();

    /// Where deliveries are posted to.
    URI url();

    /// Gets ready for a round that nothing of an earlier round disturbs.
    void prepare() throws Exception;

    /// The most memory the receiving process had in this round, in mebibytes.
    long peakMemory();

    /// Kills the receiving process with signal 9.
    void kill() throws Exception;

    /// The ids of the deliveries that were acted on, once whatever survived the kill has done what it
    /// will do.
    Set<String> kept() throws Exception;
}
