package dev.slipway.demo.story;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.load.LoadRecord;
import dev.slipway.demo.site.ShopDatabases;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Follows a good build through production to its end, and then looks everywhere but at Slipway whether it is true.
public final class CompleteRelease {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Duration SOON = Duration.ofSeconds(15);

    private final Walk walk;

    public CompleteRelease(Walk walk) {
        this.walk = walk;
    }

    /// Every step up to the end of the strict watch.
    public ReleaseView follow(ReleaseView release) {
        ReleaseView completed = walk.follow(
                release, "the release completed", LIMIT, view -> view.phase().equals("completed"));
        walk.require(
                completed.steps().stream().allMatch(ReleaseView.Step::done),
                "not every step is done: " + completed.steps());
        Duration downtime = completed.downtime();
        walk.require(downtime != null && downtime.isPositive(), "no downtime was measured");
        walk.narrator()
                .observed(
                        "%s is completed after %s, %s of them in maintenance"
                                .formatted(
                                        completed.name(),
                                        Plainly.seconds(Duration.between(completed.startedAt(), completed.settledAt())),
                                        Plainly.seconds(downtime)),
                        "REST, deploy-service");
        return completed;
    }

    /// Looks at the edge, the shop and its database, the backups, the customers' own record.
    public void lookAround(Walk.Built built, ReleaseView completed) throws SQLException {
        edge(completed.target());
        database();
        backup(completed);
        watch(completed);
        customers(built, completed);
    }

    /// Word came to customers and team.
    public void hearOfIt(ReleaseView completed) {
        String title = "shop v%d is live in production".formatted(completed.number());
        walk.inboxes().mail(Stage.CUSTOMERS, title);
        walk.inboxes().mail(Stage.TEAM, title);
        walk.inboxes().post(title);
        walk.inboxes().expectNoneTwice();
        allDelivered(completed);
        walk.narrator().observed("customers and team hear that it is live, once", "mailbox, Slack receiver, REST");
    }

    private void allDelivered(ReleaseView completed) {
        walk.patience()
                .await(
                        "every notice of the release delivered",
                        SOON,
                        () -> Optional.of(walk.services().notices(completed.id()))
                                .filter(notices -> !notices.isEmpty()
                                        && notices.stream()
                                                .allMatch(notice -> notice.path("state")
                                                        .asText()
                                                        .equals("delivered"))),
                        () -> walk.services().notices(completed.id()).toString());
    }

    void edge(String colour) {
        JsonNode state = walk.services()
                .edgeState(
                        walk.stage().edge().adminUrl(),
                        walk.stage().site().secrets().edge());
        walk.require(
                state.path("weights").path(colour).asInt() == 100
                        && !state.path("maintenance").asBoolean(),
                "the edge says " + state);
        walk.narrator().observed("all traffic goes to %s, maintenance is off".formatted(colour), "the edge itself");
    }

    private void database() throws SQLException {
        long placed = walk.stage().load().record().seen().placed();
        ShopDatabases.Look look = walk.stage().databases().look(ShopDatabases.PRODUCTION);
        walk.require(look.schemaVersion() == 2, "the shop's schema is at " + look.schemaVersion());
        walk.require(
                look.withoutPriority() == 0 && look.wrongPriority() == 0,
                "%d orders without a priority, %d with a wrong one"
                        .formatted(look.withoutPriority(), look.wrongPriority()));
        walk.require(
                look.ofCustomers() >= placed,
                "customers placed %d orders, the database has %d".formatted(placed, look.ofCustomers()));
        walk.narrator()
                .observed(
                        "schema 2, the new column filled, all %d orders of the customers there".formatted(placed),
                        "the shop's database");
    }

    private void backup(ReleaseView completed) {
        JsonNode report = walk.services().report(completed.id());
        String id = report.path("backups").path(0).path("backup").asText();
        JsonNode backup = walk.services().backup(id);
        walk.require(backup.path("state").asText().equals("completed"), "the release's backup is " + backup);
        walk.require(
                backup.path("proofs").findValuesAsText("kind").contains("restore"),
                "the backup is not proved: " + backup);
        walk.narrator()
                .observed(
                        "the backup taken in maintenance holds %d rows, restored and counted"
                                .formatted(backup.path("rows").asLong()),
                        "REST, backup-service");
    }

    private void watch(ReleaseView completed) {
        JsonNode watch = walk.services()
                .watch(completed.id())
                .orElseThrow(() -> new StoryFailure("monitor-service knows no watch of the release"));
        List<Integer> percents = new ArrayList<>();
        watch.path("steps").forEach(step -> percents.add(step.path("percent").asInt()));
        walk.require(percents.equals(List.of(10, 25, 50, 75, 100)), "the watch saw steps " + percents);
        JsonNode counts = watch.path("current").path("counts");
        walk.require(
                counts.path("candidateRequests").asLong() > 0
                        && counts.path("candidateErrors").asLong() == 0,
                "the strict watch counted " + counts);
        walk.narrator()
                .observed(
                        "the watch passed 10, 25, 50 and 75 %%; the strict one at 100 %% counted %d requests, no errors"
                                .formatted(counts.path("candidateRequests").asLong()),
                        "REST, monitor-service");
    }

    private void customers(Walk.Built built, ReleaseView completed) {
        LoadRecord.Seen seen = walk.stage().load().record().seen();
        List<LoadRecord.Refusal> failures = seen.failures(completed.startedAt(), completed.settledAt());
        walk.require(
                failures.isEmpty(),
                "customers met %d failures, the first of them %s"
                        .formatted(failures.size(), failures.stream().limit(3).toList()));
        Duration closed = seen.closed(completed.startedAt(), completed.settledAt());
        Duration told = completed.downtime();
        walk.require(
                closed.minus(told).abs().compareTo(Duration.ofSeconds(1)) < 0,
                "customers found the door closed for %s, the release says %s".formatted(closed, told));
        walk.narrator()
                .observed(
                        String.format(
                                Locale.ROOT,
                                "customers: closed for %s, no request failed, %,d answered by %s",
                                Plainly.seconds(closed),
                                seen.requests(built.commit()),
                                built.build().name()),
                        "load generator");
    }
}
