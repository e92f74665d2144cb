package dev.slipway.backup.inventory;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.backup.inventory.Inventory.Stock;
import dev.slipway.backup.inventory.Inventory.Unknown;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.storage.Places;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The locations of this service, and what lies there now: every answer is a look.
@Path("/api/v1/locations")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class LocationResource {
    private static final int MOST_TOLD = 1_000;
    private static final Duration COME_BACK = Duration.ofMinutes(1);

    private final Places places;
    private final Inventory inventory;

    LocationResource(Places places, Inventory inventory) {
        this.places = places;
        this.inventory = inventory;
    }

    /// @param place where it is, without secrets
    /// @param fault why it could not be looked at; the numbers are absent then
    /// @param backups that have a manifest there; @param unknown files of nobody
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LocationView(
            String name,
            String place,
            @Nullable String fault,
            @Nullable Integer backups,
            @Nullable Integer files,
            @Nullable Long bytes,
            @Nullable Integer unknown) {}

    /// @param total of the unknown files; the first thousand are told
    record UnknownView(String name, int total, List<Unknown> unknown) {}

    @GET
    @RolesAllowed("viewer")
    public List<LocationView> all() {
        return places.all().stream().map(this::view).toList();
    }

    /// What lies there and is not of the catalogue. It stays: somebody has to look at it.
    @GET
    @Path("/{name}/unknown")
    @RolesAllowed("viewer")
    public UnknownView unknown(@PathParam("name") String name) {
        Location location = places.named(name).orElseThrow(() -> Problem.notFound("location", name));
        try {
            List<Unknown> unknown = inventory.look(location).unknown();
            return new UnknownView(name, unknown.size(), unknown.subList(0, Math.min(unknown.size(), MOST_TOLD)));
        } catch (LocationFault e) {
            throw Problem.unavailable(e.getMessage(), COME_BACK);
        }
    }

    private LocationView view(Location location) {
        try {
            Stock stock = inventory.look(location);
            return new LocationView(
                    location.name(),
                    location.place(),
                    null,
                    stock.backups(),
                    stock.files(),
                    stock.bytes(),
                    stock.unknown().size());
        } catch (LocationFault e) {
            return new LocationView(location.name(), location.place(), e.getMessage(), null, null, null, null);
        }
    }
}
