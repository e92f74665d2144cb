package dev.slipway.monitor.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.events.EventCodec;
import dev.slipway.events.TrafficShifted;
import dev.slipway.monitor.watch.WatchedRelease.End;
import dev.slipway.monitor.watch.WatchedRelease.Measure;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Releases and the watches of their steps. Whoever changes one locks its release first.
@Singleton
final class WatchStore {

    /// Makes a release known; one that is known already stays as it is.
    /// @return false when it is known already
    boolean register(Handle tx, WatchedRelease release) {
        return tx.createUpdate("""
                        insert into watched_release (release, application, environment, version, artifact, chain_id)
                        values (:id, :application, :environment, :version, :artifact, :chainId)
                        on conflict (release) do nothing""")
                        .bind("id", release.id())
                        .bind("application", release.application())
                        .bind("environment", release.environment())
                        .bind("version", release.version())
                        .bind("artifact", release.artifact())
                        .bind("chainId", release.chainId())
                        .execute()
                == 1;
    }

    /// Finds a release and keeps everybody else from changing it until the transaction ends.
    Optional<WatchedRelease> lock(Handle tx, UUID release) {
        return release(tx, release, " for update");
    }

    Optional<WatchedRelease> release(Handle handle, UUID release) {
        return release(handle, release, "");
    }

    private static Optional<WatchedRelease> release(Handle handle, UUID release, String lock) {
        return handle.createQuery("select * from watched_release where release = :release" + lock)
                .bind("release", release)
                .map((rs, _) -> release(rs))
                .findOne();
    }

    void measure(Handle tx, UUID release, Measure measure) {
        tx.execute("update watched_release set measure = cast(? as jsonb) where release = ?", json(measure), release);
    }

    void end(Handle tx, UUID release, End end) {
        tx.execute(
                "update watched_release set ended_at = ?, end_reason = ? where release = ?",
                end.at(),
                end.reason(),
                release);
    }

    /// Releases of an environment with a watch that is open.
    List<UUID> open(Handle handle, String environment) {
        return handle.createQuery("""
                        select r.release from watched_release r
                        where r.environment = :environment and r.ended_at is null and exists (
                            select from watch w where w.release = r.release
                              and w.phase in ('watching', 'held', 'passed')
                              and w.number = (select max(number) from watch m where m.release = r.release))""")
                .bind("environment", environment)
                .mapTo(UUID.class)
                .list();
    }

    /// The watches of a release's steps in the order of the steps; the last one is the current one.
    List<Watch> watches(Handle handle, UUID release) {
        return handle.createQuery("select * from watch where release = :release order by number")
                .bind("release", release)
                .map((rs, _) -> watch(rs))
                .list();
    }

    void insert(Handle tx, UUID release, Watch watch) {
        StoredState state = StoredState.of(watch.state());
        tx.createUpdate("""
                        insert into watch (release, step, number, shift, effective_at, spent_ticks, phase, phase_at, reason)
                        values (:release, :step, :number, cast(:shift as jsonb), :effectiveAt, :spentTicks,
                                :phase, :at, :reason)""")
                .bind("release", release)
                .bind("step", watch.step())
                .bind("number", watch.number())
                .bind("shift", json(watch.shift()))
                .bind("effectiveAt", watch.shift().effectiveAt())
                .bind("spentTicks", watch.spentTicks())
                .bind("phase", state.phase())
                .bind("at", state.at())
                .bind("reason", state.reason())
                .execute();
    }

    void update(Handle tx, UUID release, Watch watch) {
        StoredState state = StoredState.of(watch.state());
        tx.createUpdate("""
                        update watch set shift = cast(:shift as jsonb), effective_at = :effectiveAt, ticks = :ticks, phase = :phase, phase_at = :at, reason = :reason, incident = cast(:incident as uuid)
                        where release = :release and step = :step""")
                .bind("release", release)
                .bind("step", watch.step())
                .bind("shift", json(watch.shift()))
                .bind("effectiveAt", watch.shift().effectiveAt())
                .bind("ticks", watch.ticks())
                .bind("phase", state.phase())
                .bind("at", state.at())
                .bind("reason", state.reason())
                .bind("incident", state.incident())
                .execute();
    }

    /// Remembers what runs in an environment now.
    /// @return false when something newer is known
    boolean running(Handle tx, String environment, String version, Instant since) {
        return tx.createUpdate("""
                        insert into running_version (environment, version, since) values (:environment, :version, :since)
                        on conflict (environment) do update set version = :version, since = :since
                        where running_version.since < :since""")
                        .bind("environment", environment)
                        .bind("version", version)
                        .bind("since", since)
                        .execute()
                == 1;
    }

    Optional<String> running(Handle handle, String environment) {
        return handle.createQuery("select version from running_version where environment = :environment")
                .bind("environment", environment)
                .mapTo(String.class)
                .findOne();
    }

    private static WatchedRelease release(ResultSet rs) throws SQLException {
        return new WatchedRelease(
                rs.getObject("release", UUID.class),
                rs.getString("application"),
                rs.getString("environment"),
                rs.getString("version"),
                rs.getString("artifact"),
                rs.getObject("chain_id", UUID.class),
                Optional.ofNullable(rs.getString("measure")).map(json -> read(json, Measure.class)),
                rs.getTimestamp("ended_at") == null
                        ? Optional.empty()
                        : Optional.of(new End(rs.getTimestamp("ended_at").toInstant(), rs.getString("end_reason"))));
    }

    private static Watch watch(ResultSet rs) throws SQLException {
        return new Watch(
                rs.getObject("step", UUID.class),
                rs.getInt("number"),
                read(rs.getString("shift"), TrafficShifted.class),
                rs.getInt("spent_ticks"),
                rs.getInt("ticks"),
                StoredState.read(rs));
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return EventCodec.json().readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored " + type.getSimpleName() + " cannot be read", e);
        }
    }

    private static String json(@Nullable Object value) {
        try {
            return EventCodec.json().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
