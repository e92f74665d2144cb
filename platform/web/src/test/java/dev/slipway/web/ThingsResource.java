package dev.slipway.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Endpoints that do what endpoints of services do, well and badly.
@Path("/api/v1/things")
@RunOnVirtualThread
final class ThingsResource {
    private final Caller caller;
    private final AgroalDataSource database;
    private final SlowCalls slow;

    ThingsResource(Caller caller, AgroalDataSource database, SlowCalls slow) {
        this.caller = caller;
        this.database = database;
        this.slow = slow;
    }

    enum Colour {
        BLUE,
        GREEN
    }

    record Thing(String name, int size, Colour colour, List<Part> parts) {
        Thing {
            if (size > 100) {
                throw new IllegalArgumentException("size must be at most 100, not " + size);
            }
        }
    }

    record Part(String name, Duration every) {}

    record Me(String name, String person, Set<String> roles, Set<String> aliases, boolean approvesBusiness) {}

    @GET
    @RolesAllowed("viewer")
    public Page<Integer> list(@QueryParam("cursor") String cursor, @QueryParam("limit") String limit) {
        PageRequest request = PageRequest.of(cursor, limit, 1);
        int after = request.first() ? 0 : request.after(0, Integer::parseInt);
        List<Integer> fetched = IntStream.rangeClosed(after + 1, 120)
                .limit(request.fetch())
                .boxed()
                .toList();
        return Page.of(fetched, request, last -> List.of(last.toString()));
    }

    @GET
    @Path("{id}")
    @RolesAllowed("viewer")
    public String get(@PathParam("id") String id) {
        throw Problem.notFound("thing", id);
    }

    @POST
    @RolesAllowed("operator")
    public Thing add(Thing thing) {
        return thing;
    }

    @PUT
    @RolesAllowed("admin")
    public Map<String, Integer> bytes(InputStream body) {
        return Map.of("bytes", BoundedBody.read(body, 1000).length);
    }

    @PUT
    @Path("large")
    @RolesAllowed("admin")
    public Map<String, Integer> largeBytes(InputStream body) {
        return Map.of("bytes", BoundedBody.read(body, 10_000).length);
    }

    @GET
    @Path("slow")
    @RolesAllowed("viewer")
    public Map<String, String> slow() throws InterruptedException {
        slow.stand();
        return Map.of();
    }

    @GET
    @Path("stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RolesAllowed("viewer")
    public StreamingOutput stream() {
        return slow::stream;
    }

    @POST
    @Path("conflicts")
    @RolesAllowed("approver")
    public String conflict() {
        throw Problem.conflict("release-past-approval", "The release is past it.", Map.of("phase", "running"));
    }

    @GET
    @Path("me")
    @RolesAllowed({"viewer", "ci"})
    public Me me() {
        return new Me(caller.name(), caller.person(), caller.roles(), caller.aliases(), caller.approves("business"));
    }

    @GET
    @Path("open")
    @PermitAll
    public Map<String, String> open() {
        return Map.of("caller", caller.name());
    }

    @GET
    @Path("forgotten")
    public String forgotten() {
        return "nobody said who may read this";
    }

    @GET
    @Path("broken")
    @RolesAllowed("viewer")
    public String broken() {
        throw new IllegalStateException("the password is hunter2");
    }

    @GET
    @Path("stored")
    @PermitAll
    public String stored() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select 1");
            return "stored";
        }
    }

    @GET
    @Path("misread")
    @RolesAllowed("viewer")
    public Thing misread() throws JsonProcessingException {
        return new ObjectMapper().readValue("[]", Thing.class);
    }
}
