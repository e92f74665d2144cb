package dev.slipway.monitor.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.slipway.events.EventCodec;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The append-only log of samples, per environment. Everything a watch decides is a function of it.
@Singleton
public final class SampleLog {
    /// Longer than the hour a watch looks back on, so that one that starts late still finds it.
    private static final Duration KEPT = Duration.ofHours(2);

    private static final TypeReference<Map<String, Tally>> TALLIES = new TypeReference<>() {};

    /// Appends a sample and forgets those that are too old to matter. One of the same moment is there already
    /// after a take-over; the first stays.
    public void append(Handle tx, String environment, Sample sample) {
        tx.createUpdate("""
                        insert into sample (environment, at, counters, fault)
                        values (:environment, :at, cast(:counters as jsonb), :fault)
                        on conflict (environment, at) do nothing""")
                .bind("environment", environment)
                .bind("at", sample.at())
                .bind("counters", sample instanceof Sample.Taken taken ? json(taken.versions()) : null)
                .bind("fault", sample instanceof Sample.Missed missed ? missed.reason() : null)
                .execute();
        tx.execute(
                "delete from sample where environment = ? and at < ?",
                environment,
                sample.at().minus(KEPT));
    }

    /// The successful samples from a moment on, oldest first.
    public List<Sample.Taken> taken(Handle handle, String environment, Instant from) {
        return handle.createQuery("""
                        select * from sample
                        where environment = :environment and at >= :from and fault is null order by at""")
                .bind("environment", environment)
                .bind("from", from)
                .map((rs, _) -> taken(rs))
                .list();
    }

    /// The failed samples since the last successful one, if the latest sample is a failed one.
    public Optional<Silence> silence(Handle handle, String environment) {
        return handle.createQuery("""
                        select min(at) since, max(at) until, (array_agg(fault order by at desc))[1] fault from sample
                        where environment = :environment and at > coalesce(
                            (select max(at) from sample where environment = :environment and fault is null), '-infinity')""")
                .bind("environment", environment)
                .map((rs, _) -> silence(rs))
                .findOne();
    }

    /// A source that gives no counters.
    ///
    /// @param since the first sample that was missed in a row
    /// @param until the last one
    /// @param reason why the last one was missed
    public record Silence(Instant since, Instant until, String reason) {
        public Duration length() {
            return Duration.between(since, until);
        }
    }

    private static @Nullable Silence silence(ResultSet rs) throws SQLException {
        Timestamp since = rs.getTimestamp("since");
        return since == null
                ? null
                : new Silence(since.toInstant(), rs.getTimestamp("until").toInstant(), rs.getString("fault"));
    }

    private static Sample.Taken taken(ResultSet rs) throws SQLException {
        try {
            return new Sample.Taken(
                    rs.getTimestamp("at").toInstant(), EventCodec.json().readValue(rs.getString("counters"), TALLIES));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored sample cannot be read", e);
        }
    }

    private static String json(Map<String, Tally> versions) {
        try {
            return EventCodec.json().writeValueAsString(versions);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
