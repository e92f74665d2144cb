package dev.slipway.deploy.release;

import dev.slipway.telemetry.DatabaseGauges;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// How many releases stand where.
@Singleton
final class ReleaseGauges implements DatabaseGauges {
    private static final Gauge OPEN = new Gauge("slipway.releases.open", "Releases that are not over, by phase");
    private static final List<String> PHASES =
            List.of("created", "gated", "ready", "running", "watching", "paused", "held", "rollingBack");

    @Override
    public List<Reading> read(Handle database, Instant now) {
        return database.createQuery("""
                        select phases.phase, count(release.phase) as open from unnest(:phases) as phases (phase)
                        left join release using (phase) group by phases.phase order by phases.phase""")
                .bindArray("phases", String.class, PHASES.toArray())
                .map((rs, _) -> OPEN.of(rs.getLong("open"), "phase", rs.getString("phase")))
                .list();
    }
}
