package dev.slipway.backup.link;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.eventing.Ids;
import dev.slipway.web.Caller;
import dev.slipway.web.Fault;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Makes links to stored backups for whoever is to have one without a token, lists them and takes them back.
@Path("/api/v1/backups/{id}/links")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class LinkResource {
    private static final Duration USUAL = Duration.ofHours(1);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(7);

    private final Jdbi jdbi;
    private final Backups backups;
    private final Links links;
    private final LinkSigner signer;
    private final Caller caller;
    private final Clock clock;

    LinkResource(Jdbi jdbi, Backups backups, Links links, LinkSigner signer, Caller caller, Clock clock) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.links = links;
        this.signer = signer;
        this.caller = caller;
        this.clock = clock;
    }

    /// @param location where it is read from; the first that has it unless given
    /// @param lifetime ISO 8601, at most `P7D`; an hour unless given
    record Wish(@Nullable String location, @Nullable String lifetime) {}

    /// @param url for whoever may have the backup: it needs no token, and is shown this once
    /// @param file what to call it
    record Link(UUID id, URI url, Instant expiresAt, String location, String file, long sizeBytes, String sha256) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    public Response link(@PathParam("id") UUID id, Wish wish, @Context UriInfo uri) {
        Duration lifetime = lifetime(wish.lifetime());
        Link link = jdbi.inTransaction(tx -> {
            Backup backup = known(tx, id);
            Archive archive = Download.stored(backup);
            if (!signer.canSign()) {
                throw Problem.conflict(
                        "no-link-key",
                        "Links are signed with a master key or SLIPWAY_BACKUPS_LINK_KEY; this service has neither.",
                        Map.of());
            }
            String location = location(wish.location(), archive);
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            Instant until = now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
            UUID made = Ids.next(clock);
            links.add(tx, new Links.Made(made, backup.id(), location, caller.name(), now, until, null, 0));
            return new Link(
                    made,
                    url(uri, made, backup, until),
                    until,
                    location,
                    Download.name(backup, archive),
                    archive.sizeBytes(),
                    archive.sha256());
        });
        return Response.status(Response.Status.CREATED)
                .header("Cache-Control", "no-store")
                .entity(link)
                .build();
    }

    /// Those that were made, without what makes them work.
    @GET
    @RolesAllowed("operator")
    public List<Links.Made> links(@PathParam("id") UUID id) {
        return jdbi.withHandle(handle -> links.of(handle, known(handle, id).id()));
    }

    /// Nobody gets anything by it any more.
    @DELETE
    @Path("/{link}")
    @RolesAllowed("operator")
    public void takeBack(@PathParam("id") UUID id, @PathParam("link") UUID link) {
        jdbi.useTransaction(tx -> {
            if (!links.remove(tx, known(tx, id).id(), link)) {
                throw Problem.notFound("link", link);
            }
        });
    }

    private URI url(UriInfo uri, UUID link, Backup backup, Instant until) {
        return uri.getBaseUriBuilder()
                .path("/api/v1/backups/{id}/archive")
                .queryParam("link", link)
                .queryParam("expires", until.getEpochSecond())
                .queryParam("signature", signer.sign(link, backup.id(), until))
                .build(backup.id());
    }

    private static String location(@Nullable String wanted, Archive archive) {
        if (wanted == null) {
            return archive.locations().getFirst();
        }
        if (!archive.locations().contains(wanted)) {
            throw Problem.unprocessable(
                    "There is no such copy.",
                    List.of(Fault.at("location", "must be one of " + String.join(", ", archive.locations()))));
        }
        return wanted;
    }

    private static Duration lifetime(@Nullable String text) {
        try {
            Duration lifetime = text == null ? USUAL : Duration.parse(text);
            if (lifetime.compareTo(SHORTEST) >= 0 && lifetime.compareTo(LONGEST) <= 0) {
                return lifetime;
            }
        } catch (DateTimeException | ArithmeticException _) {
            // said below
        }
        throw Problem.unprocessable(
                "There is no such lifetime.",
                List.of(Fault.at("lifetime", "must be an ISO 8601 duration such as PT1H, PT1S to P7D")));
    }

    private Backup known(Handle handle, UUID id) {
        return backups.find(handle, id).orElseThrow(() -> Problem.notFound("backup", id));
    }
}
