package dev.slipway.demo.story;

import dev.slipway.demo.ci.Ci;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The whole walk in its order, told as it happens.
public final class Story {
    private final Stage stage;
    private final Narrator narrator;
    private final Patience patience;
    private final Leavings leavings;

    public Story(Stage stage, Narrator narrator, Patience patience, Leavings leavings) {
        this.stage = stage;
        this.narrator = narrator;
        this.patience = patience;
        this.leavings = leavings;
    }

    /// @throws StoryFailure when something that has to be seen was not
    public void tell() throws IOException, InterruptedException, SQLException {
        var walk = new Walk(stage, narrator, patience);
        Ci.Build first = stage.ci().build("v1", 1, 1);
        stage.startShop(first);
        stage.openDoors();
        narrator.tell("the shop's v1 runs in staging and production, customers send 200 requests/s through the edge");

        narrator.chapter(1, "The shop's manifest, and a good build from CI");
        var manifest = new GiveManifest(walk);
        manifest.refuseFaulty();
        manifest.give();
        manifest.adopt(first);
        var ship = new ShipBuild(walk);
        Walk.Built good = walk.build("v2", 2, 2);
        ReleaseView goodStaging = ship.deliver(good);
        ReleaseView waiting = ship.throughStaging(good, goodStaging);

        narrator.chapter(2, "The gates of production");
        ReleaseView started = ship.openGates(waiting);

        narrator.chapter(3, "Into production");
        var complete = new CompleteRelease(walk);
        ReleaseView completed = complete.follow(started);
        complete.lookAround(good, completed);
        complete.hearOfIt(completed);
        leavings.report("A", walk.services().report(completed.id()));

        narrator.chapter(4, "A bad build comes back by itself");
        Walk.Built bad = walk.build("v3", 3, 2);
        ReleaseView badWaiting = ship.throughStaging(bad, ship.deliver(bad));
        var callBack = new CallBackBuild(walk);
        ReleaseView calledBack = callBack.follow(ship.openGates(badWaiting));
        callBack.customers(bad);
        callBack.previousIsBack(good, completed, calledBack);
        callBack.incidentIsOpen(calledBack);
        callBack.hearOfIt(calledBack);
        leavings.report("B", walk.services().report(calledBack.id()));

        narrator.chapter(5, "Deliveries that change nothing");
        var repeat = new RepeatDeliveries(walk);
        repeat.sendAgain(good);
        repeat.forge();

        narrator.chapter(6, "What the services said to one another");
        new ReadTopics(walk).read(Set.of(waiting.candidate(), badWaiting.candidate()), leavings.events());
        leavings.messages(stage.mailbox().mails(), stage.slack().posts());
        lookForSecrets();
        summary();
    }

    private void lookForSecrets() throws IOException, InterruptedException, SQLException {
        List<String> found = new LookForSecrets(stage, leavings).look();
        if (!found.isEmpty()) {
            throw new StoryFailure("secrets are told: " + found);
        }
        narrator.observed(
                "no secret stands in files, databases, answers, thread dumps or arguments", "files, databases, /proc");
    }

    private void summary() throws IOException {
        Duration took = narrator.sinceStart();
        narrator.print("");
        narrator.print("Observed:");
        for (Narrator.Observation each : narrator.observations()) {
            narrator.print("  %7s  %-24s %s".formatted(Plainly.seconds(each.at()), each.where(), each.what()));
        }
        narrator.print("");
        narrator.print("All of it was seen in %s. Left in %s: %s"
                .formatted(Plainly.seconds(took), shown(stage.folder()), String.join(", ", leavings.names())));
        narrator.print("Logs: %s and %s"
                .formatted(shown(stage.suite().logs()), shown(stage.site().logs())));
    }

    private static Path shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }
}
