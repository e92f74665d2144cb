package dev.slipway.monitor.incident;

import dev.slipway.web.PageRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The incidents in the database.
final class IncidentStore {

    void insert(Handle tx, Incident incident) {
        tx.createUpdate("""
                        insert into incident (id, application, environment, release, severity, state, description, opened_at)
                        values (:id, :application, :environment, cast(:release as uuid), :severity, :state, :description, :openedAt)""")
                .bind("id", incident.id())
                .bind("application", incident.application())
                .bind("environment", incident.environment())
                .bind("release", incident.release())
                .bind("severity", incident.severity())
                .bind("state", incident.state())
                .bind("description", incident.description())
                .bind("openedAt", incident.openedAt())
                .execute();
    }

    Optional<UUID> unresolved(Handle tx, UUID release) {
        return tx.createQuery("select id from incident where release = :release and state <> 'resolved'")
                .bind("release", release)
                .mapTo(UUID.class)
                .findFirst();
    }

    /// Newest first. @param page its position is the moment of opening and the id
    List<Incident> list(Handle handle, Optional<String> application, Optional<String> state, PageRequest page) {
        return handle.createQuery("""
                        select * from incident
                        where (cast(:application as text) is null or application = :application)
                          and (cast(:state as text) is null or state = :state)
                          and (cast(:afterAt as timestamptz) is null or (opened_at, id) < (cast(:afterAt as timestamptz), cast(:afterId as uuid)))
                        order by opened_at desc, id desc limit :most""")
                .bind("application", application.orElse(null))
                .bind("state", state.orElse(null))
                .bind("afterAt", page.first() ? null : page.after(0, Instant::parse))
                .bind("afterId", page.first() ? null : page.after(1, UUID::fromString))
                .bind("most", page.fetch())
                .map((rs, _) -> new Incident(
                        rs.getObject("id", UUID.class),
                        rs.getString("application"),
                        rs.getString("environment"),
                        rs.getObject("release", UUID.class),
                        rs.getString("severity"),
                        rs.getString("state"),
                        rs.getString("description"),
                        rs.getTimestamp("opened_at").toInstant()))
                .list();
    }
}
