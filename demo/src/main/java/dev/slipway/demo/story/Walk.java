package dev.slipway.demo.story;

import dev.slipway.demo.ci.Ci;
import dev.slipway.demo.ci.Delivery;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/// What every part of the walk needs: where it happens, who is asked, who tells it, how long it may take.
public final class Walk {
    private final Stage stage;
    private final Services services;
    private final Narrator narrator;
    private final Patience patience;
    private final Inboxes inboxes;
    private final Map<UUID, ReleaseFollower> followers = new HashMap<>();

    public Walk(Stage stage, Narrator narrator, Patience patience) {
        this.stage = stage;
        this.services = new Services(stage.suite(), stage.people());
        this.narrator = narrator;
        this.patience = patience;
        this.inboxes = new Inboxes(stage.mailbox(), stage.slack(), patience);
    }

    public Stage stage() {
        return stage;
    }

    public Services services() {
        return services;
    }

    public Narrator narrator() {
        return narrator;
    }

    Patience patience() {
        return patience;
    }

    Inboxes inboxes() {
        return inboxes;
    }

    /// Follows a release until it is as it should be; every change of it is told once.
    /// @param what the end of "did not see …"
    ReleaseView follow(ReleaseView release, String what, Duration limit, Predicate<ReleaseView> wanted) {
        return followers
                .computeIfAbsent(release.id(), id -> new ReleaseFollower(services, narrator, patience, id))
                .until(what, limit, wanted);
    }

    /// @throws StoryFailure with that sentence when it does not hold
    void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new StoryFailure(otherwise);
        }
    }

    /// A build with the delivery that tells of it.
    public record Built(Ci.Build build, Delivery delivery) {
        public String commit() {
            return build.commit();
        }
    }

    /// CI builds a commit and GitHub tells of it.
    public Built build(String name, int code, int schema) {
        Ci.Build build = stage.ci().build(name, code, schema);
        return new Built(build, stage.ci().succeeded(build, People.REQUESTER_LOGIN));
    }
}
