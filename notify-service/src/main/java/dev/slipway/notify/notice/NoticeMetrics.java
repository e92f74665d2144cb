package dev.slipway.notify.notice;

import dev.slipway.notify.channel.Delivery;
import dev.slipway.notify.notice.NoticeState.Delivered;
import dev.slipway.notify.notice.NoticeState.Failed;
import dev.slipway.notify.notice.NoticeState.Pending;
import dev.slipway.notify.notice.NoticeState.Sending;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/// Counts what happens to notices: `slipway_notice_attempts_total{channel,outcome}`,
/// `slipway_notice_unconfirmed_total{channel}` (attempts without an answer: each may have been accepted) and
/// `slipway_notices_settled_total{channel,situation,outcome}`; an outcome is `delivered` or the reason's label.
@Singleton
final class NoticeMetrics {
    private static final String ACCEPTED = "delivered";

    private final MeterRegistry registry;

    NoticeMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void attempted(Notice notice, Delivery delivery) {
        String outcome = switch (delivery) {
            case Delivery.Accepted _ -> ACCEPTED;
            case Delivery.NotNow notNow -> notNow.reason().label();
            case Delivery.Refused refused -> refused.reason().label();
        };
        registry.counter("slipway.notice.attempts", "channel", channel(notice), "outcome", outcome)
                .increment();
    }

    void moved(Notice from, Notice to) {
        int unconfirmed = to.tally().unconfirmed() - from.tally().unconfirmed();
        registry.counter("slipway.notice.unconfirmed", "channel", channel(to)).increment(unconfirmed);
        switch (to.state()) {
            case Pending _, Sending _ -> {}
            case Delivered _ -> settled(to, ACCEPTED);
            case Failed failed -> settled(to, failed.reason().label());
        }
    }

    private void settled(Notice notice, String outcome) {
        registry.counter(
                        "slipway.notices.settled",
                        "channel",
                        channel(notice),
                        "situation",
                        notice.situation().label(),
                        "outcome",
                        outcome)
                .increment();
    }

    private static String channel(Notice notice) {
        return notice.recipient().channel().label();
    }
}
