package dev.slipway.notify.notice;

import dev.slipway.notify.audience.ChannelName;
import dev.slipway.notify.channel.Patience;

/// How long channels are waited for and how fast attempts follow one another.
///
/// @param email patience with the mail server
/// @param slack patience with webhooks
public record NoticeSettings(Patience email, Patience slack, BackOff backOff) {
    Patience patience(ChannelName channel) {
        return switch (channel) {
            case EMAIL -> email;
            case SLACK -> slack;
        };
    }
}
