package dev.slipway.monitor.incident;

import dev.slipway.web.PageRequest;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The incidents in the database.
final class IncidentStore {

    void insert(Handle tx, Incident incident) {
        tx.createUpdate("""
                        insert into incident (id, application, environment, release, severity, state, description, cause,
                            opened_at)
                        values (:id, :application, :environment, cast(:release as uuid), :severity, :state, :description,
                            :cause, :openedAt)""")
                .bind("id", incident.id())
                .bind("application", incident.application())
                .bind("environment", incident.environment())
                .bind("release", incident.release())
                .bind("severity", incident.severity())
                .bind("state", incident.state())
                .bind("description", incident.description())
                .bind("cause", incident.cause())
                .bind("openedAt", incident.openedAt())
                .execute();
    }

    Optional<UUID> unresolved(Handle tx, UUID release) {
        return tx.createQuery("select id from incident where release = :release and state <> 'resolved'")
                .bind("release", release)
                .mapTo(UUID.class)
                .findFirst();
    }

    /// The open incident of a cause.
    Optional<UUID> unresolved(Handle tx, String cause) {
        return tx.createQuery("select id from incident where cause = :cause and state <> 'resolved'")
                .bind("cause", cause)
                .mapTo(UUID.class)
                .findFirst();
    }

    /// Whether a cause was gone after that moment.
    boolean goneAfter(Handle tx, String cause, Instant moment) {
        return tx.createQuery("select exists (select from incident_cause_gone where cause = :cause and at > :moment)")
                .bind("cause", cause)
                .bind("moment", moment)
                .mapTo(Boolean.class)
                .one();
    }

    /// Resolves what a cause that is gone had raised before. @return the incident, when there was one
    Optional<UUID> gone(Handle tx, String cause, Instant at) {
        tx.createUpdate("""
                        insert into incident_cause_gone (cause, at) values (:cause, :at)
                        on conflict (cause) do update set at = greatest(incident_cause_gone.at, :at)""").bind("cause", cause).bind("at", at).execute();
        return tx.createQuery("""
                        update incident set state = 'resolved', resolved_at = :at
                        where cause = :cause and state <> 'resolved' and opened_at <= :at
                        returning id""")
                .bind("cause", cause)
                .bind("at", at)
                .mapTo(UUID.class)
                .findOne();
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
                        rs.getString("cause"),
                        rs.getTimestamp("opened_at").toInstant(),
                        Optional.ofNullable(rs.getTimestamp("resolved_at"))
                                .map(Timestamp::toInstant)
                                .orElse(null)))
                .list();
    }
}
