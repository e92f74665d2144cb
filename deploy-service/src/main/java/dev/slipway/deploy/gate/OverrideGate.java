package dev.slipway.deploy.gate;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.release.History;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseManifests;
import dev.slipway.deploy.release.ReleaseWork;
import dev.slipway.deploy.release.Releases;
import dev.slipway.web.Caller;
import dev.slipway.web.Fault;
import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Opens a gate of a waiting release by a person's word, where the manifest names a role that may, and never for that
/// person's own release.
@Singleton
public final class OverrideGate {
    private static final int LONGEST_REASON = 500;

    private final FourEyes fourEyes;
    private final Releases releases;
    private final Overrides overrides;
    private final ReleaseManifests manifests;
    private final History history;
    private final ReleaseWork work;
    private final Clock clock;

    OverrideGate(
            FourEyes fourEyes,
            Releases releases,
            Overrides overrides,
            ReleaseManifests manifests,
            History history,
            ReleaseWork work,
            Clock clock) {
        this.fourEyes = fourEyes;
        this.releases = releases;
        this.overrides = overrides;
        this.manifests = manifests;
        this.history = history;
        this.work = work;
        this.clock = clock;
    }

    /// Repeating it answers the override that is there.
    ///
    /// @throws Problem 404 no such release; 409 `past-approval` with the phase, `overridden-already`; 422
    /// for a gate that nobody may override here, or no reason; 403 without the role, or `own-release`
    public GateOverride override(Handle tx, UUID id, @Nullable String gate, @Nullable String reason, Caller caller) {
        String why = reason == null ? "" : reason.strip();
        Release release = releases.lock(tx, id).orElseThrow(() -> Problem.notFound("release", id));
        ApproveRelease.refusePast(release);
        Map<String, String> roles = manifests.environment(tx, release).gates().overrides();
        refuseFaults(gate, why, roles);
        String role = roles.get(gate);
        if (!caller.approves(role)) {
            throw Problem.forbidden(
                    "forbidden", "Only a person with the role 'approver:%s' may do that.".formatted(role));
        }
        fourEyes.refuseOwn(tx, release, caller);
        Optional<GateOverride> there = overrides.find(tx, id, gate);
        if (there.isPresent()) {
            return same(there.get(), caller);
        }
        Instant now = clock.instant().truncatedTo(MICROS);
        GateOverride made = new GateOverride(gate, role, caller.person(), why, now);
        overrides.add(tx, id, made);
        history.noted(
                tx,
                release,
                "GateOverridden",
                "%s (%s) overrode the gate %s: %s".formatted(made.person(), role, gate, why),
                now);
        work.gates(tx, id, now);
        return made;
    }

    private static void refuseFaults(@Nullable String gate, String why, Map<String, String> roles) {
        List<Fault> faults = new ArrayList<>();
        if (gate == null || !roles.containsKey(gate)) {
            faults.add(Fault.at(
                    "gate",
                    roles.isEmpty()
                            ? "the manifest lets nobody override a gate here"
                            : "must be one of " + roles.keySet()));
        }
        if (why.isEmpty() || why.length() > LONGEST_REASON) {
            faults.add(Fault.at("reason", "must have 1 to %d characters".formatted(LONGEST_REASON)));
        }
        if (!faults.isEmpty()) {
            throw Problem.unprocessable("That cannot be overridden.", faults);
        }
    }

    private static GateOverride same(GateOverride there, Caller caller) {
        if (there.person().equals(caller.person())) {
            return there;
        }
        throw Problem.conflict(
                "overridden-already",
                "%s has overridden this gate.".formatted(there.person()),
                Map.of("gate", there.gate(), "by", there.person()));
    }
}
