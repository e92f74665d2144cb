package dev.slipway.notify.notice;

import dev.slipway.notify.audience.ChannelName;
import dev.slipway.notify.channel.Delivery;
import dev.slipway.notify.channel.Reason;
import dev.slipway.notify.notice.NoticeState.Delivered;
import dev.slipway.notify.notice.NoticeState.Failed;
import dev.slipway.notify.notice.NoticeState.Pending;
import dev.slipway.notify.notice.NoticeState.Sending;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.stream.Stream;

/// Counts what happens to notices: `slipway_notice_attempts_total{channel,outcome}`,
/// `slipway_notice_unconfirmed_total{channel}` (attempts without an answer: each may have been accepted) and
/// `slipway_notices_settled_total{channel,outcome}`; an outcome is `delivered` or the reason's label.
@Singleton
final class NoticeMetrics {
    private static final String ACCEPTED = "delivered";

    private final MeterRegistry registry;

    NoticeMetrics(MeterRegistry registry) {
        this.registry = registry;
        // From zero on, so that the first of each is an increase.
        for (ChannelName channel : ChannelName.values()) {
            unconfirmed(channel);
            outcomes().forEach(outcome -> {
                attempts(channel, outcome);
                settled(channel, outcome);
            });
        }
    }

    private static Stream<String> outcomes() {
        return Stream.concat(Stream.of(ACCEPTED), Arrays.stream(Reason.values()).map(Reason::label));
    }

    void attempted(Notice notice, Delivery delivery) {
        String outcome = switch (delivery) {
            case Delivery.Accepted _ -> ACCEPTED;
            case Delivery.NotNow notNow -> notNow.reason().label();
            case Delivery.Refused refused -> refused.reason().label();
        };
        attempts(notice.recipient().channel(), outcome).increment();
    }

    void moved(Notice from, Notice to) {
        int unconfirmed = to.tally().unconfirmed() - from.tally().unconfirmed();
        unconfirmed(to.recipient().channel()).increment(unconfirmed);
        switch (to.state()) {
            case Pending _, Sending _ -> {}
            case Delivered _ -> settled(to.recipient().channel(), ACCEPTED).increment();
            case Failed failed ->
                settled(to.recipient().channel(), failed.reason().label()).increment();
        }
    }

    private Counter attempts(ChannelName channel, String outcome) {
        return registry.counter("slipway.notice.attempts", "channel", channel.label(), "outcome", outcome);
    }

    private Counter unconfirmed(ChannelName channel) {
        return registry.counter("slipway.notice.unconfirmed", "channel", channel.label());
    }

    private Counter settled(ChannelName channel, String outcome) {
        return registry.counter("slipway.notices.settled", "channel", channel.label(), "outcome", outcome);
    }
}
