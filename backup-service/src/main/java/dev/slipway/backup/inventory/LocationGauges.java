package dev.slipway.backup.inventory;

import dev.slipway.backup.storage.Places;
import dev.slipway.telemetry.DatabaseGauges;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// What the last search of each location found, and how long ago that was.
@Singleton
final class LocationGauges implements DatabaseGauges {
    private static final Gauge AGE =
            new Gauge("slipway.backup.location.search.age.seconds", "How long ago a location was searched to its end");
    private static final Gauge UNKNOWN =
            new Gauge("slipway.backup.location.unknown.files", "Files in a location that the catalogue does not know");
    private static final Gauge MISSING = new Gauge(
            "slipway.backup.location.missing.copies", "Copies of completed backups that a location lacks now");

    private final Places places;

    LocationGauges(Places places) {
        this.places = places;
    }

    @Override
    public List<Reading> read(Handle database, Instant now) {
        List<Reading> readings = new ArrayList<>();
        database.createQuery("""
                        select l.location, s.searched_at, coalesce(s.unknown, 0) as unknown,
                            (select count(*) from missing_copy m where m.location = l.location) as missing
                        from unnest(:locations) as l (location) left join location_search s using (location)""")
                .bindArray("locations", String.class, places.names().toArray())
                .map((row, _) -> {
                    String location = row.getString("location");
                    Instant at = row.getTimestamp("searched_at") == null
                            ? now
                            : row.getTimestamp("searched_at").toInstant();
                    double age = Math.max(0, Duration.between(at, now).toMillis() / 1000.0);
                    return List.of(
                            AGE.of(age, "location", location),
                            UNKNOWN.of(row.getLong("unknown"), "location", location),
                            MISSING.of(row.getLong("missing"), "location", location));
                })
                .forEach(readings::addAll);
        return readings;
    }
}
