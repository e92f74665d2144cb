package dev.slipway.backup.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Origin;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Runs;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.retention.Keeps;
import dev.slipway.web.Caller;
import dev.slipway.web.Fault;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Backups for people: take one now, list them, look at one.
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class BackupResource {
    private final Jdbi jdbi;
    private final Backups backups;
    private final Ledger ledger;
    private final Runs runs;
    private final Keeps keeps;
    private final Databases databases;
    private final Caller caller;
    private final ObjectMapper json;
    private final Clock clock;

    BackupResource(
            Jdbi jdbi,
            Backups backups,
            Ledger ledger,
            Runs runs,
            Keeps keeps,
            Databases databases,
            Caller caller,
            ObjectMapper json,
            Clock clock) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.ledger = ledger;
        this.runs = runs;
        this.keeps = keeps;
        this.databases = databases;
        this.caller = caller;
        this.json = json;
        this.clock = clock;
    }

    /// @param proof `readback` or `restore`, which is what one gets without asking
    record Wish(@Nullable String proof) {}

    /// Queues a backup. While one of the database waits for its turn, asking again answers that one.
    @POST
    @Path("/applications/{application}/databases/{database}/backups")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed("operator")
    @RequestBody(content = @Content(mediaType = "application/json", schema = @Schema(implementation = Wish.class)))
    public Response capture(
            @PathParam("application") String application, @PathParam("database") String database, String body) {
        ProofKind proof = proof(body);
        DatabaseKey key = new DatabaseKey(application, database);
        Databases.Known known = databases.current(key).orElseThrow(() -> Problem.notFound("database", key));
        Ledger.Order order =
                new Ledger.Order(key, known.manifest(), known.database().source(), proof, Origin.person(caller.name()));
        Backup queued = jdbi.inTransaction(tx -> ledger.queue(tx, order, clock.instant()));
        return Response.accepted(BackupView.of(queued))
                .location(URI.create("/api/v1/backups/" + queued.id()))
                .build();
    }

    /// Newest first. @param cursor from the page before
    @GET
    @Path("/backups")
    @RolesAllowed("viewer")
    public Page<BackupView> list(
            @QueryParam("application") @Nullable String application,
            @QueryParam("database") @Nullable String database,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(cursor, limit, 2);
        List<Backup> fetched = jdbi.withHandle(handle -> backups.list(handle, application, database, page));
        return Page.of(
                        fetched,
                        page,
                        last -> List.of(last.requestedAt().toString(), last.id().toString()))
                .map(BackupView::brief);
    }

    @GET
    @Path("/backups/{id}")
    @RolesAllowed("viewer")
    public BackupView one(@PathParam("id") UUID id) {
        return jdbi.withHandle(handle -> backups.find(handle, id)
                        .map(backup -> BackupView.of(
                                        backup,
                                        keeps.pin(handle, id).orElse(null),
                                        keeps.holds(handle, id, clock.instant()))
                                .with(
                                        runs.progress(handle, id).orElse(null),
                                        runs.wish(handle, id).orElse(null))))
                .orElseThrow(() -> Problem.notFound("backup", id));
    }

    /// Read by hand, because the body may be absent.
    private ProofKind proof(String body) {
        if (body.isBlank()) {
            return ProofKind.RESTORE;
        }
        try {
            String asked = json.readValue(body, Wish.class).proof();
            return asked == null ? ProofKind.RESTORE : proofOf(asked);
        } catch (JsonProcessingException e) {
            throw new BadRequestException(e);
        }
    }

    private static ProofKind proofOf(String label) {
        return ProofKind.ofLabel(label)
                .orElseThrow(() -> Problem.unprocessable(
                        "There is no such proof.", List.of(Fault.at("proof", "must be readback or restore"))));
    }
}
