package dev.slipway.deploy.release;

import dev.slipway.eventing.EventWriter;
import dev.slipway.events.EventData;
import dev.slipway.events.MaintenanceSwitched;
import dev.slipway.events.PipelineRun;
import dev.slipway.events.ServiceDeployed;
import dev.slipway.events.ServiceRolledBack;
import dev.slipway.events.ServiceUpgraded;
import dev.slipway.events.SmokeTestsFinished;
import dev.slipway.events.SmokeTestsStarted;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Says what happened to a release: one key, so that all of it keeps its order, and the candidate as its chain.
@Singleton
public final class ReleaseEvents {
    private final EventWriter events;

    public ReleaseEvents(EventWriter events) {
        this.events = events;
    }

    public void write(Handle tx, Release release, EventData event) {
        write(tx, release, null, event);
    }

    /// @param step the step the event comes from; the subject of its test runs
    public void write(Handle tx, Release release, @Nullable UUID step, EventData event) {
        String subject = switch (event) {
            case ServiceDeployed _, ServiceUpgraded _, ServiceRolledBack _ -> release.application();
            case MaintenanceSwitched _ -> release.fullEnvironment();
            case SmokeTestsStarted _, SmokeTestsFinished _ ->
                Objects.requireNonNull(step).toString();
            default -> release.id().toString();
        };
        events.write(tx, release.id().toString(), subject, release.candidate(), event);
    }

    static PipelineRun run(Release release) {
        return new PipelineRun(name(release), uri(release), null, null);
    }

    static PipelineRun run(Release release, Outcome outcome, String reason) {
        String word = switch (outcome) {
            case COMPLETED -> "success";
            case ROLLED_BACK, FAILED -> "failure";
            case CANCELLED, SUPERSEDED -> "cancel";
        };
        return new PipelineRun(name(release), uri(release), word, outcome == Outcome.COMPLETED ? null : reason);
    }

    private static String name(Release release) {
        return release.application() + " to " + release.environment();
    }

    private static String uri(Release release) {
        return "/api/v1/releases/" + release.id();
    }
}
