package dev.slipway.deploy.gate;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The overrides in the database: one per gate of a release.
@Singleton
public final class Overrides {

    public List<GateOverride> of(Handle tx, UUID release) {
        return tx.createQuery("select * from gate_override where release = :release order by at, gate")
                .bind("release", release)
                .map((rs, _) -> new GateOverride(
                        rs.getString("gate"),
                        rs.getString("role"),
                        rs.getString("person"),
                        rs.getString("reason"),
                        rs.getTimestamp("at").toInstant()))
                .list();
    }

    Optional<GateOverride> find(Handle tx, UUID release, String gate) {
        return of(tx, release).stream()
                .filter(override -> override.gate().equals(gate))
                .findFirst();
    }

    void add(Handle tx, UUID release, GateOverride override) {
        tx.createUpdate("""
                        insert into gate_override (release, gate, role, person, reason, at)
                        values (:release, :gate, :role, :person, :reason, :at)""").bind("release", release).bindMethods(override).execute();
    }
}
