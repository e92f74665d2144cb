package dev.slipway.notify.wording;

import dev.slipway.notify.audience.ChannelName;
import dev.slipway.notify.audience.Situation;
import dev.slipway.notify.wording.Templates.Words;
import jakarta.inject.Singleton;

/// Puts a situation and its facts into the words of a channel.
@Singleton
public final class Render {
    private static final int LONGEST_SUBJECT = 200;

    private final Templates templates = new Templates();

    /// @param audience whom the message is for; the footer says so
    public Content message(ChannelName channel, Situation situation, Facts facts, String audience) {
        Words words = templates.words(channel, situation, facts);
        String footer = "Sent by Slipway to the audience '%s' of %s.".formatted(audience, facts.application());
        return switch (channel) {
            case EMAIL -> email(words, facts, footer);
            case SLACK -> SlackBlocks.of(words, facts.lines(), footer);
        };
    }

    private Content email(Words words, Facts facts, String footer) {
        String subject = Text.shorten(words.title(), LONGEST_SUBJECT);
        EmailPage page = new EmailPage(subject, words.body(), words.next(), facts.lines(), footer);
        return new Content.Email(subject, templates.emailText(page), templates.emailHtml(page));
    }
}
