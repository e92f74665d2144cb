package dev.slipway.notify.occasion;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.events.EventCodec;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseRef;
import dev.slipway.notify.wording.Text;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What this service has heard of releases: so that a message about one can name it although the event does not, and
/// can say how long it took the last time.
@Singleton
final class KnownReleases {

    /// The last completed release of an environment.
    ///
    /// @param called `v6 (9f8e7d6c5b4a)`
    /// @param took from its start to its end
    /// @param downtime how long maintenance mode was on
    record Earlier(String called, Duration took, Duration downtime) {}

    /// Keeps the newest word on a release.
    ///
    /// @return the completed release before it in the same environment
    Optional<Earlier> heard(Handle tx, ReleaseRef release, Instant at) {
        return tx.createQuery("""
                        with heard as (
                            insert into known_release (id, environment, ref, heard_at)
                            values (:id, :environment, cast(:ref as jsonb), :at)
                            on conflict (id) do update set ref = excluded.ref, heard_at = excluded.heard_at
                            where known_release.heard_at <= excluded.heard_at)
                        select ref, started_at, finished_at, downtime_ms from known_release
                        where environment = :environment and id <> :id and phase = 'completed'
                          and started_at is not null
                        order by finished_at desc limit 1""")
                .bind("id", release.id())
                .bind("environment", release.environment())
                .bind("ref", write(release))
                .bind("at", at)
                .map((rs, _) -> earlier(
                        read(rs.getString("ref")),
                        Duration.between(
                                rs.getTimestamp("started_at").toInstant(),
                                rs.getTimestamp("finished_at").toInstant()),
                        Duration.ofMillis(rs.getLong("downtime_ms"))))
                .findOne();
    }

    void finished(Handle tx, ReleaseFinished.Facts end) {
        tx.createUpdate("""
                        update known_release
                        set phase = :phase, started_at = cast(:started as timestamptz), finished_at = :finished, downtime_ms = :downtime
                        where id = :id""")
                .bind("id", end.release().id())
                .bind("phase", end.phase())
                .bind("started", end.startedAt())
                .bind("finished", end.finishedAt())
                .bind("downtime", end.downtime() == null ? 0 : end.downtime().toMillis())
                .execute();
    }

    Optional<ReleaseRef> find(Handle tx, @Nullable UUID release) {
        return tx.createQuery("select ref from known_release where id = cast(:id as uuid)")
                .bind("id", release)
                .mapTo(String.class)
                .findOne()
                .map(KnownReleases::read);
    }

    private static Earlier earlier(ReleaseRef release, Duration took, Duration downtime) {
        String version = Text.version(release.version());
        String called = release.number() == null ? version : "v%d (%s)".formatted(release.number(), version);
        return new Earlier(called, took, downtime);
    }

    private static String write(ReleaseRef release) {
        try {
            return EventCodec.json().writeValueAsString(release);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be stored: " + release, e);
        }
    }

    private static ReleaseRef read(String json) {
        try {
            return EventCodec.json().readValue(json, ReleaseRef.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be read back: " + json, e);
        }
    }
}
