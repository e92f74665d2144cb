package dev.slipway.backup.api;

import dev.slipway.backup.capture.CancelBackup;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.CancelWish;
import dev.slipway.backup.ledger.Runs;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import dev.slipway.web.Reasons;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// A backup on its way, for people: how far it is, and to stop it.
@Path("/api/v1")
@RunOnVirtualThread
final class RunResource {
    private final Jdbi jdbi;
    private final Backups backups;
    private final Runs runs;
    private final CancelBackup cancel;
    private final ProgressStream streams;
    private final Caller caller;
    private final Clock clock;

    RunResource(
            Jdbi jdbi,
            Backups backups,
            Runs runs,
            CancelBackup cancel,
            ProgressStream streams,
            Caller caller,
            Clock clock) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.runs = runs;
        this.cancel = cancel;
        this.streams = streams;
        this.caller = caller;
        this.clock = clock;
    }

    /// @param reason for whoever wonders why there is no backup
    record Why(@Nullable String reason) {}

    /// Cancels it: 200 when it is cancelled, 202 when its worker is about to. Asking again changes nothing.
    @POST
    @Path("/backups/{id}/cancel")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    public Response cancel(@PathParam("id") UUID id, Why why) {
        String reason = Reasons.require(why.reason(), "Who cancels says why.");
        UUID backup = known(id).id();
        CancelWish wish =
                new CancelWish(backup, caller.name(), reason, clock.instant().truncatedTo(ChronoUnit.MICROS));
        Backup now = jdbi.inTransaction(tx -> cancel.cancel(tx, wish));
        return switch (now.state()) {
            case BackupState.Cancelled _ -> Response.ok(view(now)).build();
            case BackupState.Pending _, BackupState.Running _, BackupState.Verifying _ ->
                Response.accepted(view(now)).build();
            case BackupState.Completed _, BackupState.Failed _, BackupState.Expired _ -> {
                String state = now.state().phase().label();
                throw Problem.conflict(
                        "already-over", "Backup %s is over: %s.".formatted(id, state), Map.of("state", state));
            }
        };
    }

    /// How far it is, as server-sent events: what is known now first, then what changes, last the state it ended in.
    @GET
    @Path("/backups/{id}/progress")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RolesAllowed("viewer")
    public Response progress(@PathParam("id") UUID id, @Context RoutingContext routing) {
        UUID backup = known(id).id();
        CountDownLatch gone = new CountDownLatch(1);
        StreamingOutput events = streams.of(backup, caller.name(), gone);
        routing.addEndHandler(_ -> streams.leave(gone));
        return Response.ok(events, MediaType.SERVER_SENT_EVENTS)
                .header("Cache-Control", "no-store")
                .header("X-Accel-Buffering", "no")
                .build();
    }

    private BackupView view(Backup backup) {
        return jdbi.withHandle(handle -> BackupView.of(backup)
                .with(
                        runs.progress(handle, backup.id()).orElse(null),
                        runs.wish(handle, backup.id()).orElse(null)));
    }

    private Backup known(UUID id) {
        return jdbi.withHandle(handle -> backups.find(handle, id)).orElseThrow(() -> Problem.notFound("backup", id));
    }
}
