package dev.slipway.deploy.adopt;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.environment.EnvironmentRow;
import dev.slipway.deploy.environment.Environments;
import dev.slipway.deploy.release.Outcome;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseState.Course;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.release.ReleaseState.WayBack;
import dev.slipway.deploy.release.Releases;
import dev.slipway.eventing.Ids;
import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Takes note of what runs in an environment that Slipway did not deploy: a release of the kind `adopted`, completed
/// from the start, numbered like any other, so that the next one has something beside it and to go back to.
@Singleton
final class AdoptCurrent {
    private final Releases releases;
    private final Environments environments;
    private final Clock clock;

    AdoptCurrent(Releases releases, Environments environments, Clock clock) {
        this.releases = releases;
        this.environments = environments;
        this.clock = clock;
    }

    /// What is said to run. @param target the colour, or `default`
    record Running(String version, String commit, String artifact, String target) {}

    /// Telling the same again changes nothing.
    ///
    /// @throws Problem 409 `environment-taken` while a release runs there
    Release adopt(Handle tx, String application, String environment, String manifest, String by, Running running) {
        EnvironmentRow row = environments.find(tx, application, environment);
        Optional<Release> current = Optional.ofNullable(row.current()).flatMap(id -> releases.byId(tx, id));
        if (current.filter(known -> same(known, running)).isPresent()) {
            return current.get();
        }
        Instant now = clock.instant().truncatedTo(MICROS);
        UUID id = Ids.next(clock);
        OptionalInt number = environments.number(tx, application, environment);
        if (number.isEmpty()) {
            throw Problem.conflict(
                    "environment-taken",
                    "A release runs into %s/%s.".formatted(application, environment),
                    Map.of("release", String.valueOf(row.running())));
        }
        Course course = new Course(number.getAsInt(), now, WayBack.NONE);
        Release release = new Release(
                id,
                application,
                environment,
                id,
                "adopted",
                running.version(),
                running.commit(),
                running.artifact(),
                by,
                null,
                manifest,
                number.getAsInt(),
                0,
                new Settled(Outcome.COMPLETED, "ran there already, says " + by, course, now),
                now,
                now,
                now,
                running.target(),
                row.current(),
                null,
                null,
                null);
        releases.add(tx, release);
        environments.makeCurrent(tx, application, environment, id);
        return release;
    }

    private static boolean same(Release known, Running running) {
        return known.version().equals(running.version())
                && known.artifact().equals(running.artifact())
                && running.target().equals(known.target());
    }
}
