package dev.slipway.notify.notice;

import dev.slipway.manifest.References;
import dev.slipway.manifest.UnresolvedReference;
import dev.slipway.notify.audience.EmailAddress;
import dev.slipway.notify.audience.SlackHook;
import dev.slipway.notify.channel.Delivery;
import dev.slipway.notify.channel.EmailChannel;
import dev.slipway.notify.channel.Reason;
import dev.slipway.notify.channel.SlackChannel;
import dev.slipway.notify.wording.Content;
import jakarta.inject.Singleton;

/// Last stage but one: one attempt to bring a notice to its address, by its channel.
@Singleton
final class Deliver {
    private final References references;
    private final EmailChannel email;
    private final SlackChannel slack;

    Deliver(References references, EmailChannel email, SlackChannel slack) {
        this.references = references;
        this.email = email;
        this.slack = slack;
    }

    Delivery attempt(Notice notice) {
        try {
            String address = references.resolve(notice.recipient().address());
            return switch (notice.content()) {
                case Content.Email mail -> email.deliver(EmailAddress.parse(address), notice.envelope(), mail);
                case Content.Slack post -> slack.deliver(SlackHook.parse(address), notice.envelope(), post);
            };
        } catch (UnresolvedReference e) {
            return Delivery.notNow(Reason.ADDRESS_UNKNOWN, e.getMessage());
        } catch (IllegalArgumentException e) {
            return new Delivery.Refused(Reason.ADDRESS_INVALID, String.valueOf(e.getMessage()));
        }
    }
}
