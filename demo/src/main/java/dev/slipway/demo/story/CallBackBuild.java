package dev.slipway.demo.story;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.load.LoadRecord;
import dev.slipway.demo.receivers.Mailbox.Mail;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Follows a bad build until it is called back by itself, and then looks whether the release before is current again.
public final class CallBackBuild {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration SOON = Duration.ofSeconds(15);

    private final Walk walk;

    public CallBackBuild(Walk walk) {
        this.walk = walk;
    }

    /// Up to the end of the rollback.
    public ReleaseView follow(ReleaseView release) {
        ReleaseView over = walk.follow(
                release, "the release rolled back", LIMIT, view -> view.phase().equals("rolledBack"));
        JsonNode calledBack = walk.services().report(over.id()).path("calledBack");
        walk.require(calledBack.hasNonNull("signal"), "the report does not say what called the release back");
        walk.narrator()
                .observed(
                        "%s is called back by the watch %s after its first batch"
                                .formatted(
                                        over.name(),
                                        Plainly.said(calledBack.path("after").asText())),
                        "REST, deploy-service");
        return over;
    }

    /// What customers saw of it: for how long the bad build answered anybody, and how often it failed.
    public void customers(Walk.Built bad) {
        LoadRecord.Seen seen = walk.stage().load().record().seen();
        LoadRecord.Span span = seen.spans().get(bad.commit());
        walk.require(span != null, "no customer ever met " + bad.build().name());
        List<LoadRecord.Refusal> failures = seen.failures().stream()
                .filter(failure -> failure.version().equals(bad.commit()))
                .toList();
        walk.require(!failures.isEmpty(), "the build that was called back failed no request");
        walk.narrator()
                .observed(
                        String.format(
                                Locale.ROOT,
                                "customers: after %s the bad build was gone; it answered %d requests, %d of them failed",
                                Plainly.seconds(span.length()),
                                seen.requests(bad.commit()),
                                failures.size()),
                        "load generator");
    }

    /// The release before is current again: by the edge, by the answers customers get, by Slipway.
    public void previousIsBack(Walk.Built previous, ReleaseView previousRelease, ReleaseView calledBack) {
        new CompleteRelease(walk).edge(previousRelease.target());
        long before = walk.stage().load().record().seen().requests(previous.commit());
        walk.patience()
                .await(
                        "answers of the release before",
                        SOON,
                        () -> Optional.of(walk.stage().load().record().seen().requests(previous.commit()))
                                .filter(now -> now > before + 100),
                        () -> before + " answers");
        String current =
                walk.services().report(calledBack.id()).path("currentVersion").asText();
        walk.require(current.equals(previous.commit()), "the current version is " + current);
        walk.narrator()
                .observed(
                        "%s (%s) is current again and answers all customers"
                                .formatted(
                                        previous.build().name(),
                                        previous.build().shortCommit()),
                        "REST, load generator");
    }

    public void incidentIsOpen(ReleaseView calledBack) {
        JsonNode incident = walk.patience()
                .await(
                        "an open incident",
                        SOON,
                        () -> walk.services().openIncidents().stream()
                                .filter(each -> each.path("release")
                                        .asText()
                                        .equals(calledBack.id().toString()))
                                .findFirst(),
                        () -> walk.services().openIncidents().toString());
        walk.narrator()
                .observed(
                        "an incident is open for it, severity "
                                + incident.path("severity").asText(),
                        "REST, monitor-service");
    }

    /// The notice names reason, state and next steps, in the mailbox and at Slack.
    public void hearOfIt(ReleaseView calledBack) {
        String title = "shop v%d was rolled back in production".formatted(calledBack.number());
        Mail mail = walk.inboxes().mail(Stage.CUSTOMERS, title);
        walk.inboxes().mail(Stage.TEAM, title);
        String post = walk.inboxes().post(title).text();
        for (String part : List.of("Why:", "Where things stand:", "What happens next")) {
            walk.require(mail.text().contains(part), "the mail has no '%s': %s".formatted(part, mail.text()));
            walk.require(post.contains(part), "the post has no '%s': %s".formatted(part, post));
        }
        walk.inboxes().expectNoneTwice();
        walk.narrator().tell(quote(mail));
        walk.narrator().observed("the notice tells reason, state and next steps", "mailbox, Slack receiver");
    }

    private static String quote(Mail mail) {
        String body = mail.text()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(8)
                .reduce("", (text, line) -> text + "\n  │ " + Plainly.said(line));
        return "to %s: %s%s".formatted(String.join(", ", mail.to()), mail.subject(), body);
    }
}
