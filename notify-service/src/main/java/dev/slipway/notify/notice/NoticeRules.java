package dev.slipway.notify.notice;

import dev.slipway.notify.channel.Delivery;
import dev.slipway.notify.channel.Reason;
import dev.slipway.notify.notice.NoticeState.Delivered;
import dev.slipway.notify.notice.NoticeState.Failed;
import dev.slipway.notify.notice.NoticeState.Pending;
import dev.slipway.notify.notice.NoticeState.Sending;
import dev.slipway.notify.notice.NoticeState.Setback;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What becomes of a notice: one pure function of its state and what happened.
///
/// | state | begin | begin, too late | accepted | not now | not now, too late | refused |
/// |---|---|---|---|---|---|---|
/// | pending | sending | failed | refuse | refuse | refuse | refuse |
/// | sending | sending | failed | delivered | pending | failed | failed |
/// | delivered | ignore | ignore | ignore | ignore | ignore | ignore |
/// | failed | ignore | ignore | ignore | ignore | ignore | ignore |
///
/// Beginning out of `sending` means that an earlier attempt's end was never recorded: it is counted as unconfirmed.
record NoticeRules(BackOff backOff) {

    /// What counts, besides the state.
    ///
    /// @param attempts attempts begun
    /// @param unconfirmed attempts that ended without an answer: each may have been accepted
    record Tally(int attempts, int unconfirmed) {
        static final Tally NONE = new Tally(0, 0);

        Tally begun() {
            return new Tally(attempts + 1, unconfirmed);
        }

        Tally lost() {
            return new Tally(attempts, unconfirmed + 1);
        }
    }

    /// A notice as far as its rules see it. @param deadline after it no attempt begins
    record Standing(UUID id, Instant deadline, NoticeState state, Tally tally) {}

    /// What happens to a notice.
    sealed interface Signal {
        /// Its time has come, or somebody took it over.
        record Begin() implements Signal {}

        /// An attempt ended.
        record Ended(Delivery delivery) implements Signal {}
    }

    /// What comes of it.
    sealed interface Decision {
        record Move(NoticeState to, Tally tally) implements Decision {}

        /// Nothing more is to be done. @param why for the log
        record Ignore(String why) implements Decision {}

        /// This cannot happen to a notice in this state. @param why for the log
        record Refuse(String why) implements Decision {}
    }

    Decision decide(Standing notice, Signal signal, Instant now) {
        return switch (notice.state()) {
            case Pending pending ->
                switch (signal) {
                    case Signal.Begin _ -> begin(notice.tally(), pending.setback(), notice.deadline(), now);
                    case Signal.Ended _ -> new Decision.Refuse("no attempt is under way");
                };
            case Sending _ ->
                switch (signal) {
                    case Signal.Begin _ -> begin(notice.tally().lost(), null, notice.deadline(), now);
                    case Signal.Ended ended -> ended(notice, ended.delivery(), now);
                };
            case Delivered delivered -> new Decision.Ignore("delivered at " + delivered.at());
            case Failed failed -> new Decision.Ignore("given up at " + failed.at());
        };
    }

    private static Decision begin(Tally tally, @Nullable Setback setback, Instant deadline, Instant now) {
        if (now.isAfter(deadline)) {
            Reason reason = setback == null ? Reason.EXPIRED : setback.reason();
            return new Decision.Move(new Failed(now, reason, givenUp(tally, "its time was over")), tally);
        }
        return new Decision.Move(new Sending(now), tally.begun());
    }

    private Decision ended(Standing notice, Delivery delivery, Instant now) {
        Tally tally = notice.tally();
        return switch (delivery) {
            case Delivery.Accepted accepted -> new Decision.Move(new Delivered(now, accepted.receipt()), tally);
            case Delivery.Refused refused ->
                new Decision.Move(new Failed(now, refused.reason(), refused.detail()), tally);
            case Delivery.NotNow notNow ->
                new Decision.Move(notNow(notice, notNow, now), notNow.unconfirmed() ? tally.lost() : tally);
        };
    }

    /// The wait never takes more than three quarters of what is left, so that attempts go on until the end; what the
    /// receiver asked for is kept whatever that means.
    private NoticeState notNow(Standing notice, Delivery.NotNow notNow, Instant now) {
        Duration left = Duration.between(now, notice.deadline());
        Duration wait = shorter(
                backOff.after(notice.tally().attempts(), notice.id()),
                left.multipliedBy(3).dividedBy(4));
        Duration asked = notNow.retryAfter().orElse(Duration.ZERO);
        Duration pause = asked.compareTo(wait) > 0 ? asked : wait;
        if (left.compareTo(backOff.first()) < 0 || pause.compareTo(left) > 0) {
            return new Failed(now, notNow.reason(), givenUp(notice.tally(), notNow.detail()));
        }
        return new Pending(now.plus(pause), new Setback(notNow.reason(), notNow.detail()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static String givenUp(Tally tally, String why) {
        return "given up after %d %s: %s"
                .formatted(tally.attempts(), tally.attempts() == 1 ? "attempt" : "attempts", why);
    }
}
