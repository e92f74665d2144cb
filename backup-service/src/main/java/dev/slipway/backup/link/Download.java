package dev.slipway.backup.link;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.storage.Places;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Gives the bytes of a stored backup to whoever shows a link. They are what is stored: a sealed backup stays sealed.
///
/// The signature is looked at before anything else is done for somebody who shows no token.
@Path("/api/v1/backups/{id}/archive")
@RunOnVirtualThread
final class Download {
    private static final Logger LOG = Logger.getLogger(Download.class);
    private static final int BUFFER = 64 * 1024;

    private final Jdbi jdbi;
    private final Backups backups;
    private final Links links;
    private final Places places;
    private final LinkSigner signer;
    private final Clock clock;

    Download(Jdbi jdbi, Backups backups, Links links, Places places, LinkSigner signer, Clock clock) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.links = links;
        this.places = places;
        this.signer = signer;
        this.clock = clock;
    }

    /// What a link is good for.
    private record Granted(Links.Made link, Backup backup, Archive archive) {
        String tag() {
            return "\"" + archive.sha256() + "\"";
        }
    }

    /// The stored bytes, or a part of them (`Range`).
    @GET
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @PermitAll
    public Response archive(
            @PathParam("id") UUID id,
            @QueryParam("link") @Nullable String link,
            @QueryParam("expires") @Nullable String expires,
            @QueryParam("signature") @Nullable String signature,
            @HeaderParam("Range") @Nullable String range,
            @HeaderParam("If-Range") @Nullable String ifRange,
            @Context Request request) {
        Granted granted = granted(id, link, expires, signature);
        long all = granted.archive().sizeBytes();
        boolean whole = ifRange != null && !ifRange.strip().equals(granted.tag());
        Optional<ByteRange> asked = ByteRange.of(whole ? null : range, all);
        ByteRange part = asked.orElse(new ByteRange(0, all - 1));
        Response.ResponseBuilder answer = Response.status(asked.isPresent() ? 206 : 200)
                .header("Content-Length", part.length())
                .header("Accept-Ranges", "bytes")
                .header("ETag", granted.tag())
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"" + name(granted.backup(), granted.archive()) + "\"")
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer");
        asked.ifPresent(some -> answer.header("Content-Range", some.ofAll(all)));
        if (request.getMethod().equals("HEAD")) {
            return answer.build();
        }
        jdbi.useTransaction(tx -> links.used(tx, granted.link().id(), clock.instant()));
        return answer.entity(stream(open(granted, part.from()), part.length())).build();
    }

    private Granted granted(UUID backup, @Nullable String link, @Nullable String expires, @Nullable String signature) {
        Instant until = until(expires);
        UUID id = link == null ? backup : link(link);
        if (link == null || signature == null || !signer.signed(id, backup, until, signature)) {
            throw notOurs();
        }
        if (!clock.instant().isBefore(until)) {
            throw Problem.of(
                    410, "link-expired", "Link expired", "The link was good until %s.".formatted(until), Map.of());
        }
        return jdbi.withHandle(handle -> {
            Links.Made made = links.find(handle, id)
                    .orElseThrow(() -> Problem.of(
                            410, "link-taken-back", "Link taken back", "Somebody took this link back.", Map.of()));
            Backup found = backups.find(handle, backup).orElseThrow(() -> Problem.notFound("backup", backup));
            return new Granted(made, found, stored(found));
        });
    }

    private InputStream open(Granted granted, long from) {
        String name = granted.link().location();
        Backup backup = granted.backup();
        Location location = places.named(name)
                .filter(_ -> granted.archive().locations().contains(name))
                .orElseThrow(() -> Problem.notFound("copy in", name));
        try {
            InputStream in = location.open(new Item(
                    backup.database(), backup.id(), granted.archive().packing().file()));
            try {
                in.skipNBytes(from);
                return in;
            } catch (IOException e) {
                in.close();
                throw e;
            }
        } catch (IOException e) {
            // Who shows a link need not know how the place looks inside.
            LOG.warnf("download refused backup=%s location=%s: %s", backup.id(), name, e.getMessage());
            if (e instanceof LocationFault fault && fault.isMissing()) {
                throw Problem.notFound("copy in", name);
            }
            throw Problem.unavailable(
                    "The location '%s' does not give it now.".formatted(name), Duration.ofSeconds(30));
        }
    }

    private static StreamingOutput stream(InputStream in, long length) {
        return out -> {
            byte[] buffer = new byte[BUFFER];
            long left = length;
            try (in) {
                while (left > 0) {
                    int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (read < 0) {
                        throw new IOException("the stored archive ends %d bytes too early".formatted(left));
                    }
                    out.write(buffer, 0, read);
                    left -= read;
                }
            }
        };
    }

    /// Safe in a header: names of applications and databases are letters, digits and hyphens.
    static String name(Backup backup, Archive archive) {
        return "%s-%s-%s-%s"
                .formatted(
                        backup.database().application(),
                        backup.database().name(),
                        archive.snapshotAt()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString()
                                .replace(":", ""),
                        archive.packing().file());
    }

    /// @throws Problem 409 when there is nothing to be had of it
    static Archive stored(Backup backup) {
        if (backup.state() instanceof BackupState.Completed completed) {
            return completed.archive();
        }
        String state = backup.state().phase().label();
        throw Problem.conflict(
                "not-completed", "Backup %s is %s.".formatted(backup.id(), state), Map.of("state", state));
    }

    private static UUID link(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            throw Problem.notFound("link", text);
        }
    }

    private static Instant until(@Nullable String seconds) {
        try {
            return Instant.ofEpochSecond(Long.parseLong(seconds == null ? "" : seconds));
        } catch (NumberFormatException | DateTimeException _) {
            throw notOurs();
        }
    }

    private static Problem notOurs() {
        return Problem.unauthorized("bad-signature", "This link was not made by this service, or was changed.");
    }
}
