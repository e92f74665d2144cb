package dev.slipway.telemetry;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// What a service shows of its database at `/q/metrics`. Every bean of this type is read at a fixed rate
/// ([GaugeReader]), never by whoever asks for the metrics.
public interface DatabaseGauges {
    /// The values as of now. Each series is given every time, with 0 when there is nothing: one that is missing shows
    /// as not known. Labels take their values from a closed list.
    List<Reading> read(Handle database, Instant now);

    /// @param name with dots, its unit last; a dot shows as `_`
    /// @param help one sentence for people
    record Gauge(String name, String help) {
        /// @param labels names and values by turns
        public Reading of(double value, String... labels) {
            return new Reading(this, List.of(labels), value);
        }
    }

    /// @param labels names and values by turns
    record Reading(Gauge gauge, List<String> labels, double value) {}
}
