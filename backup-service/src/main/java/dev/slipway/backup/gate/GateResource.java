package dev.slipway.backup.gate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Wanted;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.proof.Copies;
import dev.slipway.backup.storage.Storages;
import dev.slipway.web.Fault;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// `GET …/gate?maxAge=PT2H&locations=2&proof=restore`: says to people what a release would be answered. Nothing is
/// taken because somebody asks here, and the stored bytes are looked for, not read.
@Path("/api/v1/applications/{application}/databases/{database}/gate")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class GateResource {
    private static final Logger LOG = Logger.getLogger(GateResource.class);
    private static final int LATEST = 10;
    private static final int MOST_LOCATIONS = 100;

    private final Jdbi jdbi;
    private final Backups backups;
    private final Databases databases;
    private final Storages storages;
    private final Clock clock;

    GateResource(Jdbi jdbi, Backups backups, Databases databases, Storages storages, Clock clock) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.databases = databases;
        this.storages = storages;
        this.clock = clock;
    }

    /// @param open yes or no
    /// @param reason in a sentence
    /// @param backup the one to rely on; absent when the gate is closed
    /// @param considered the latest ones, and what each lacks
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GateView(
            boolean open,
            String reason,
            @Nullable UUID backup,
            @Nullable Instant snapshotAt,
            @Nullable String age,
            List<Considered> considered) {}

    /// @param locations in how many of them it lies
    /// @param lacks empty when it will do
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Considered(
            UUID backup,
            String state,
            Instant requestedAt,
            @Nullable Instant snapshotAt,
            @Nullable String age,
            List<String> proofs,
            int locations,
            List<String> lacks) {}

    @GET
    @RolesAllowed("viewer")
    public GateView ask(
            @PathParam("application") String application,
            @PathParam("database") String database,
            @QueryParam("maxAge") @Nullable String maxAge,
            @QueryParam("locations") @Nullable String locations,
            @QueryParam("proof") @Nullable String proof) {
        DatabaseKey key = new DatabaseKey(application, database);
        Databases.Known known = databases.current(key).orElseThrow(() -> Problem.notFound("database", key));
        Instant now = clock.instant();
        Wanted wanted = wanted(known.database().source(), maxAge, locations, proof, now);
        List<Backup> some = jdbi.withHandle(handle -> some(handle, key, wanted, now));
        return view(Gate.ask(some, wanted, this::there, now), now);
    }

    private static Wanted wanted(
            String source, @Nullable String maxAge, @Nullable String locations, @Nullable String proof, Instant now) {
        List<Fault> faults = new ArrayList<>();
        Duration age = age(maxAge, faults);
        int number = number(locations, faults);
        ProofKind kind =
                proof == null ? ProofKind.RESTORE : ProofKind.ofLabel(proof).orElse(null);
        if (kind == null) {
            faults.add(Fault.at("proof", "must be readback or restore, not '%s'".formatted(proof)));
        }
        if (age == null || kind == null || !faults.isEmpty()) {
            throw Problem.badRequest("The gate cannot be asked that.", faults);
        }
        return new Wanted(source, now.minus(age), number, kind);
    }

    private static @Nullable Duration age(@Nullable String text, List<Fault> faults) {
        try {
            Duration age = text == null ? null : Duration.parse(text);
            if (age != null && age.isPositive()) {
                return age;
            }
        } catch (DateTimeException _) {
            // said below
        }
        faults.add(Fault.at("maxAge", "must be an ISO 8601 duration above zero such as PT2H"));
        return null;
    }

    private static int number(@Nullable String text, List<Fault> faults) {
        try {
            int number = text == null ? 1 : Integer.parseInt(text);
            if (number >= 1 && number <= MOST_LOCATIONS) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        faults.add(Fault.at("locations", "must be a whole number from 1 to %d".formatted(MOST_LOCATIONS)));
        return 1;
    }

    /// The latest ones, the newest proved one however long ago that was, and those that would do for a release.
    private List<Backup> some(Handle handle, DatabaseKey key, Wanted wanted, Instant now) {
        Map<UUID, Backup> some = new LinkedHashMap<>();
        PageRequest latest = new PageRequest(List.of(), LATEST - 1);
        backups.list(handle, key.application(), key.name(), latest).forEach(backup -> some.put(backup.id(), backup));
        backups.newestProved(handle, key, wanted.source(), wanted.proof(), now)
                .ifPresent(backup -> some.put(backup.id(), backup));
        backups.completedSince(handle, key, wanted.snapshotFrom()).stream()
                .filter(backup -> backup.willDo(wanted, now))
                .limit(LATEST)
                .forEach(backup -> some.put(backup.id(), backup));
        return List.copyOf(some.values());
    }

    /// In how many locations its archive lies now, as large as it was written.
    private int there(Backup backup) {
        Archive archive = backup.state().archive();
        if (archive == null) {
            return 0;
        }
        int there = 0;
        try {
            Copies copies = Copies.of(backup.id(), backup.database(), archive, storages.of(backup));
            for (Location location : copies.locations()) {
                there += lies(copies, location) ? 1 : 0;
            }
        } catch (BackupFault fault) {
            LOG.warnf("gate could not look backup=%s: %s", backup.id(), fault.getMessage());
        }
        return there;
    }

    private static boolean lies(Copies copies, Location location) {
        try {
            return location.size(copies.item())
                    .equals(OptionalLong.of(copies.archive().sizeBytes()));
        } catch (LocationFault fault) {
            LOG.warnf("gate could not look backup=%s: %s", copies.backup(), fault.getMessage());
            return false;
        }
    }

    private static GateView view(Gate.Answer answer, Instant now) {
        Archive archive =
                answer.backup() == null ? null : answer.backup().state().archive();
        return new GateView(
                answer.open(),
                answer.reason(),
                answer.backup() == null ? null : answer.backup().id(),
                archive == null ? null : archive.snapshotAt(),
                age(archive, now),
                answer.looked().stream().map(looked -> considered(looked, now)).toList());
    }

    private static Considered considered(Gate.Looked looked, Instant now) {
        Backup backup = looked.backup();
        Archive archive = backup.state().archive();
        return new Considered(
                backup.id(),
                backup.state().phase().label(),
                backup.requestedAt(),
                archive == null ? null : archive.snapshotAt(),
                age(archive, now),
                backup.state() instanceof Completed completed
                        ? completed.proofs().stream()
                                .map(proof -> proof.kind().label())
                                .toList()
                        : List.of(),
                looked.there(),
                looked.lacks());
    }

    private static @Nullable String age(@Nullable Archive archive, Instant now) {
        return archive == null
                ? null
                : Duration.between(archive.snapshotAt(), now).toString();
    }
}
