package dev.slipway.backup.retention;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import dev.slipway.web.Reasons;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Keeps a backup whatever the rules say, or leaves it to them again.
@Path("/api/v1/backups/{id}/pin")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class PinResource {
    private static final Logger LOG = Logger.getLogger(PinResource.class);

    private final Jdbi jdbi;
    private final Backups backups;
    private final Keeps keeps;
    private final Caller caller;
    private final Clock clock;

    PinResource(Jdbi jdbi, Backups backups, Keeps keeps, Caller caller, Clock clock) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.keeps = keeps;
        this.caller = caller;
        this.clock = clock;
    }

    /// @param reason for whoever wonders why it is still there
    record Why(@Nullable String reason) {}

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    public Pin pin(@PathParam("id") UUID id, Why why) {
        String reason = Reasons.require(why.reason(), "A pin has a reason.");
        Pin pin = new Pin(reason, caller.name(), clock.instant().truncatedTo(ChronoUnit.MICROS));
        jdbi.useTransaction(tx -> {
            Backup backup = backups.lock(tx, id).orElseThrow(() -> Problem.notFound("backup", id));
            if (backup.state() instanceof BackupState.Expired) {
                throw Problem.conflict("expired", "Backup %s was let go.".formatted(id), Map.of("state", "expired"));
            }
            keeps.pin(tx, backup.id(), pin);
        });
        LOG.infof("backup pinned backup=%s by=%s: %s", id, pin.by(), pin.reason());
        return pin;
    }

    @DELETE
    @RolesAllowed("operator")
    public void unpin(@PathParam("id") UUID id) {
        jdbi.useTransaction(tx -> {
            Backup backup = backups.find(tx, id).orElseThrow(() -> Problem.notFound("backup", id));
            keeps.unpin(tx, backup.id());
        });
        LOG.infof("backup unpinned backup=%s by=%s", id, caller.name());
    }
}
