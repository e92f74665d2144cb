package dev.slipway.monitor.incident;

import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Handled;
import dev.slipway.eventing.Ids;
import dev.slipway.events.EnvironmentId;
import dev.slipway.events.IncidentDetected;
import dev.slipway.events.ReleaseRef;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Opens an incident and tells of it, in one transaction with whatever made it necessary.
@Singleton
public final class RaiseIncident {
    private static final Logger LOG = Logger.getLogger(RaiseIncident.class);

    private final IncidentStore store = new IncidentStore();
    private final EventWriter events;
    private final Clock clock;

    public RaiseIncident(EventWriter events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /// A Sev-1 incident because a release is called back. One that is open already for the same release is
    /// kept instead.
    ///
    /// @param description what was seen, for people
    /// @return the incident's id
    public UUID forRelease(Handle tx, ReleaseRef release, UUID chainId, String description) {
        return store.unresolved(tx, release.id()).orElseGet(() -> open(tx, release, chainId, description));
    }

    /// A Sev-2 incident because of something that lasts until it is told to be gone. One that is open already for the
    /// same cause is kept; word that comes after the cause was gone raises nothing.
    ///
    /// @param at when it was seen
    public Handled forCause(Handle tx, Cause cause, UUID chainId, String description, Instant at) {
        if (store.unresolved(tx, cause.name()).isPresent()) {
            return Handled.ignored("there is an incident of this cause");
        }
        if (store.goneAfter(tx, cause.name(), at)) {
            return Handled.ignored("the cause was gone later");
        }
        Incident incident = new Incident(
                Ids.next(clock),
                cause.application(),
                cause.environment(),
                null,
                "sev2",
                "open",
                description,
                cause.name(),
                at,
                null);
        open(tx, incident, cause.application(), chainId, null);
        return Handled.applied();
    }

    /// Resolves the incident of a cause, if there is one.
    public Handled resolve(Handle tx, String cause, Instant at) {
        return store.gone(tx, cause, at)
                .map(incident -> {
                    LOG.infof("event=incident_resolved incident=%s cause=%s", incident, cause);
                    return Handled.applied();
                })
                .orElseGet(() -> Handled.ignored("there is no incident of this cause"));
    }

    /// @param name stable: there is one incident of that name at a time
    /// @param environment full name, `shop/production`
    public record Cause(String name, String application, String environment) {}

    private UUID open(Handle tx, ReleaseRef release, UUID chainId, String description) {
        Incident incident = new Incident(
                Ids.next(clock),
                release.application(),
                release.environment(),
                release.id(),
                "sev1",
                "open",
                description,
                null,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                null);
        return open(tx, incident, release.id().toString(), chainId, release);
    }

    private UUID open(Handle tx, Incident incident, String key, UUID chainId, @Nullable ReleaseRef release) {
        store.insert(tx, incident);
        events.write(
                tx,
                key,
                incident.id().toString(),
                chainId,
                new IncidentDetected(
                        new IncidentDetected.Content(
                                new EnvironmentId(incident.environment()),
                                incident.description(),
                                new IncidentDetected.Service(incident.application()),
                                release == null ? null : release.artifact()),
                        new IncidentDetected.Facts(incident.id(), incident.severity(), release)));
        LOG.infof(
                "event=incident_opened incident=%s severity=%s release=%s cause=%s",
                incident.id(), incident.severity(), incident.release(), incident.cause());
        return incident.id();
    }
}
