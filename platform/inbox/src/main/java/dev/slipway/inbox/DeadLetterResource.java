package dev.slipway.inbox;

import dev.slipway.web.Caller;
import dev.slipway.web.Fault;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/api/v1/dead-letters`: events that could not be worked off, what waits behind them, and what is done about them.
@Path("/api/v1/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("viewer")
final class DeadLetterResource {
    private static final int LONGEST_REASON = 1_000;

    private final DeadLetters letters;
    private final Caller caller;

    DeadLetterResource(DeadLetters letters, Caller caller) {
        this.letters = letters;
        this.caller = caller;
    }

    /// Why a dead letter is given up.
    record Discard(@Nullable String reason) {
        String checked() {
            String given = reason == null ? "" : reason.strip();
            if (given.isEmpty()
                    || given.length() > LONGEST_REASON
                    || given.chars().anyMatch(Character::isISOControl)) {
                String message = "must be a text without control characters, 1 to %d long".formatted(LONGEST_REASON);
                throw Problem.unprocessable("reason " + message, List.of(Fault.at("reason", message)));
            }
            return given;
        }
    }

    @GET
    @RunOnVirtualThread
    public Page<DeadLetter> list(
            @QueryParam("type") @Nullable String type,
            @QueryParam("key") @Nullable String key,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(cursor, limit, 1);
        List<DeadLetter> found = letters.list(InboxFilter.of(null, null, type, key, null), page);
        return Page.of(found, page, letter -> List.of(letter.id()));
    }

    @GET
    @Path("{id}")
    @RunOnVirtualThread
    public DeadLetter get(@PathParam("id") String id) {
        return letters.get(id);
    }

    @POST
    @Path("{id}/replay")
    @RolesAllowed("operator")
    @RunOnVirtualThread
    public void replay(@PathParam("id") String id) {
        letters.replay(id, person());
    }

    @POST
    @Path("{id}/discard")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    @RunOnVirtualThread
    public void discard(@PathParam("id") String id, Discard discard) {
        letters.discard(id, discard.checked(), person());
    }

    private String person() {
        return caller.person().isBlank() ? caller.name() : caller.person();
    }
}
