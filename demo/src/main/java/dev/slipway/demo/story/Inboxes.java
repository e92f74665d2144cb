package dev.slipway.demo.story;

import dev.slipway.demo.receivers.Mailbox;
import dev.slipway.demo.receivers.Mailbox.Mail;
import dev.slipway.demo.receivers.SlackReceiver;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Where word of a release arrives.
final class Inboxes {
    private static final Duration SOON = Duration.ofSeconds(15);

    private final Mailbox mailbox;
    private final SlackReceiver slack;
    private final Patience patience;

    Inboxes(Mailbox mailbox, SlackReceiver slack, Patience patience) {
        this.mailbox = mailbox;
        this.slack = slack;
        this.patience = patience;
    }

    /// Waits for a mail to an address whose subject has these words.
    Mail mail(String address, String subject) {
        return patience.await(
                "a mail to %s: %s".formatted(address, subject),
                SOON,
                () -> mailbox.mails().stream()
                        .filter(mail -> mail.isTo(address) && mail.subject().contains(subject))
                        .findFirst(),
                () -> "only " + mailbox.mails().stream().map(Mail::subject).toList());
    }

    /// What is accepted twice is counted, never hidden: here nothing may be.
    void expectNoneTwice() {
        List<String> ids = mailbox.mails().stream()
                .map(mail -> mail.id() + " to " + mail.to())
                .toList();
        if (Set.copyOf(ids).size() < ids.size()) {
            throw new StoryFailure("a mail came twice: " + ids);
        }
    }

    /// Waits for a post to Slack that has these words.
    SlackReceiver.Post post(String words) {
        return patience.await(
                "a post to Slack: " + words,
                SOON,
                () -> slack.posts().stream()
                        .filter(post -> post.text().contains(words))
                        .findFirst(),
                () -> "only "
                        + slack.posts().stream()
                                .map(post -> post.text().lines().findFirst().orElse(""))
                                .toList());
    }
}
