package dev.slipway.notify.channel;

import java.time.Duration;
import java.util.Optional;

/// How one attempt to deliver a notice ended.
public sealed interface Delivery {

    /// The receiver has it. @param receipt its answer, in a few words
    record Accepted(String receipt) implements Delivery {}

    /// Not accepted for a reason that may pass.
    ///
    /// @param detail for people, no secrets and no addresses
    /// @param retryAfter how long the receiver asked to be left alone
    /// @param unconfirmed true when the message was on its way and no answer came: it may have been accepted
    record NotNow(Reason reason, String detail, Optional<Duration> retryAfter, boolean unconfirmed)
            implements Delivery {}

    /// Not accepted, and trying again cannot help. @param detail for people, no secrets and no addresses
    record Refused(Reason reason, String detail) implements Delivery {}

    /// Not accepted for certain, for a reason that may pass.
    static Delivery notNow(Reason reason, String detail) {
        return new NotNow(reason, detail, Optional.empty(), false);
    }

    /// No answer came: the message may have been accepted or not.
    static Delivery noAnswer(Reason reason, String detail) {
        return new NotNow(reason, detail, Optional.empty(), true);
    }
}
