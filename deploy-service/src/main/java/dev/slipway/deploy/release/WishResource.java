package dev.slipway.deploy.release;

import dev.slipway.deploy.release.ReleaseSignal.Cancel;
import dev.slipway.deploy.release.ReleaseSignal.Choose;
import dev.slipway.deploy.release.ReleaseSignal.Pause;
import dev.slipway.deploy.release.ReleaseSignal.Resume;
import dev.slipway.deploy.release.ReleaseSignal.Rollback;
import dev.slipway.deploy.release.ReleaseSignal.Wish;
import dev.slipway.web.Caller;
import dev.slipway.web.Fault;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// What people may ask of a release under way. Every wish is answered: it was done, it is of no consequence, or it
/// cannot be (409, with the phase and why).
@Path("/api/v1/releases")
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed("operator")
@RunOnVirtualThread
final class WishResource {
    private final Jdbi jdbi;
    private final SignalRelease signals;
    private final Releases releases;
    private final Caller caller;

    WishResource(Jdbi jdbi, SignalRelease signals, Releases releases, Caller caller) {
        this.jdbi = jdbi;
        this.signals = signals;
        this.releases = releases;
        this.caller = caller;
    }

    record Reason(@Nullable String reason) {}

    /// @param choice `retry`, `continue`, `rollback` or `abandon`
    record ChoiceMade(@Nullable String choice, @Nullable String reason) {}

    /// What became of a wish.
    /// @param changed false: it was so already, or is of no consequence
    public record Answer(UUID id, boolean changed, String phase, PhaseView state, String why) {}

    /// Undoes the release.
    @POST
    @Path("{id}/rollback")
    public Answer rollback(@PathParam("id") UUID id, @Nullable Reason body) {
        return send(id, new Rollback(caller.person(), required(body)));
    }

    /// Ends the release; what was done already is undone.
    @POST
    @Path("{id}/cancel")
    public Answer cancel(@PathParam("id") UUID id, @Nullable Reason body) {
        return send(id, new Cancel(caller.person(), required(body)));
    }

    /// Lets nothing further begin.
    @POST
    @Path("{id}/pause")
    public Answer pause(@PathParam("id") UUID id, @Nullable Reason body) {
        return send(id, new Pause(caller.person(), required(body)));
    }

    /// Goes on with a paused release.
    @POST
    @Path("{id}/resume")
    public Answer resume(@PathParam("id") UUID id) {
        return send(id, new Resume(caller.person()));
    }

    /// Answers a held release.
    @POST
    @Path("{id}/choice")
    public Answer choose(@PathParam("id") UUID id, @Nullable ChoiceMade body) {
        if (body == null) {
            throw missing("choice");
        }
        Choice choice = Stream.of(Choice.values())
                .filter(known -> known.tag().equals(body.choice()))
                .findFirst()
                .orElseThrow(() -> Problem.unprocessable(
                        "There is no such choice.",
                        List.of(Fault.at("choice", "must be one of retry, continue, rollback, abandon"))));
        return send(id, new Choose(choice, caller.person(), required(new Reason(body.reason()))));
    }

    /// The refusal is thrown after the commit: the history keeps it too.
    private Answer send(UUID id, Wish wish) {
        Sent sent = jdbi.inTransaction(tx -> new Sent(signals.send(tx, id, wish), releases.existing(tx, id)));
        PhaseView state = PhaseView.of(sent.release.state());
        return switch (sent.decision) {
            case Decision.Move move -> new Answer(id, true, state.phase(), state, move.why());
            case Decision.Ignore ignore -> new Answer(id, false, state.phase(), state, ignore.why());
            case Decision.Refuse refuse ->
                throw Problem.conflict(
                        "not-now",
                        "The release %s.".formatted(refuse.why()),
                        Map.of("phase", state.phase(), "state", state));
        };
    }

    private record Sent(Decision decision, Release release) {}

    private static String required(@Nullable Reason body) {
        if (body == null || body.reason() == null || body.reason().isBlank()) {
            throw missing("reason");
        }
        return body.reason().strip();
    }

    private static Problem missing(String field) {
        return Problem.unprocessable("Say why.", List.of(Fault.at(field, "is missing")));
    }
}
