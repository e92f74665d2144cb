package dev.slipway.deploy.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.deploy.release.ReleaseState.Active;
import dev.slipway.deploy.release.ReleaseState.Gated;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.release.ReleaseState.Paused;
import dev.slipway.deploy.release.ReleaseState.RollingBack;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.release.ReleaseState.Waiting;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A state as callers see it: what is the case, why, and what may be done about it.
///
/// @param of what a paused or held release goes back to
/// @param choices of a held release
/// @param deadline when the state ends by itself
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PhaseView(
        String phase,
        @Nullable String reason,
        @Nullable String by,
        @Nullable String of,
        @Nullable List<String> choices,
        @Nullable Instant deadline) {

    static PhaseView of(ReleaseState state) {
        String phase = state.phase();
        return switch (state) {
            case Gated gated ->
                new PhaseView(
                        phase, "closed: " + String.join(", ", gated.closed()), null, null, null, gated.deadline());
            case Waiting waiting -> new PhaseView(phase, null, null, null, null, waiting.deadline());
            case Active _ -> new PhaseView(phase, null, null, null, null, null);
            case Paused paused ->
                new PhaseView(phase, paused.reason(), paused.by(), paused.of().phase(), null, paused.deadline());
            case Held held ->
                new PhaseView(
                        phase,
                        held.reason(),
                        null,
                        held.of().phase(),
                        held.choices().stream().map(Choice::tag).toList(),
                        held.deadline());
            case RollingBack back -> new PhaseView(phase, back.reason(), back.by(), null, null, null);
            case Settled settled -> new PhaseView(phase, settled.reason(), null, null, null, null);
        };
    }
}
