package dev.slipway.monitor.incident;

import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Ids;
import dev.slipway.events.EnvironmentId;
import dev.slipway.events.IncidentDetected;
import dev.slipway.events.ReleaseRef;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

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

    private UUID open(Handle tx, ReleaseRef release, UUID chainId, String description) {
        Incident incident = new Incident(
                Ids.next(clock),
                release.application(),
                release.environment(),
                release.id(),
                "sev1",
                "open",
                description,
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        store.insert(tx, incident);
        events.write(
                tx,
                release.id().toString(),
                incident.id().toString(),
                chainId,
                new IncidentDetected(
                        new IncidentDetected.Content(
                                new EnvironmentId(incident.environment()),
                                description,
                                new IncidentDetected.Service(incident.application()),
                                release.artifact()),
                        new IncidentDetected.Facts(incident.id(), incident.severity(), release)));
        LOG.infof(
                "event=incident_opened incident=%s severity=%s release=%s",
                incident.id(), incident.severity(), release.id());
        return incident.id();
    }
}
