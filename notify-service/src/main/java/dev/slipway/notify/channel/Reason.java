package dev.slipway.notify.channel;

import java.util.Locale;

/// Why a notice was not accepted: a closed set, also the label in metrics. Which of them are worth another try is said
/// by the type around them ([Delivery.NotNow] or [Delivery.Refused]).
public enum Reason {
    /// The reference to the address could not be resolved here.
    ADDRESS_UNKNOWN,
    /// What the reference resolves to is no address of its channel.
    ADDRESS_INVALID,
    /// Nobody answers at the receiver's address.
    UNREACHABLE,
    /// No answer in time; the receiver may have accepted.
    TIMEOUT,
    /// The connection broke before the answer; the receiver may have accepted.
    CONNECTION_LOST,
    /// The receiver asked to slow down.
    RATE_LIMITED,
    /// The receiver has a fault of its own (HTTP 5xx, SMTP 4xx).
    RECEIVER_BUSY,
    /// The mail server does not take mail from us (greeting, login or sender refused): ours to put right.
    SENDER_REFUSED,
    /// The receiver knows no such recipient, or takes nothing for it.
    RECIPIENT_REFUSED,
    /// The receiver does not take this message.
    MESSAGE_REFUSED,
    /// Its time was over before an attempt could begin.
    EXPIRED;

    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
