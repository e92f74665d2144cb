package dev.slipway.backup.watchdog;

import dev.slipway.telemetry.DatabaseGauges;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// How many databases have what kind of trouble with their backups now.
@Singleton
final class TroubleGauges implements DatabaseGauges {
    private static final Gauge TROUBLES =
            new Gauge("slipway.backup.troubles", "What is wrong with the backups of databases now, by kind");

    @Override
    public List<Reading> read(Handle database, Instant now) {
        return database.createQuery("""
                        select kinds.kind, count(trouble.kind) as troubles from unnest(:kinds) as kinds (kind)
                        left join trouble using (kind) group by kinds.kind order by kinds.kind""")
                .bindArray(
                        "kinds",
                        String.class,
                        Arrays.stream(Trouble.Kind.values())
                                .map(Trouble.Kind::label)
                                .toArray())
                .map((rs, _) -> TROUBLES.of(rs.getLong("troubles"), "kind", rs.getString("kind")))
                .list();
    }
}
