package dev.slipway.deploy.gate;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseEvents;
import dev.slipway.deploy.release.ReleaseManifests;
import dev.slipway.deploy.release.ReleaseState.Paused;
import dev.slipway.deploy.release.ReleaseState.Waiting;
import dev.slipway.deploy.release.ReleaseWork;
import dev.slipway.deploy.release.Releases;
import dev.slipway.events.ApprovalGiven;
import dev.slipway.web.Caller;
import dev.slipway.web.Fault;
import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Takes a person's approval of a release in a role. Nobody approves what they asked for or wrote, nor twice.
@Singleton
public final class ApproveRelease {
    private final FourEyes fourEyes;
    private final Releases releases;
    private final Approvals approvals;
    private final ReleaseManifests manifests;
    private final ReleaseEvents events;
    private final ReleaseWork work;
    private final Clock clock;

    public ApproveRelease(
            FourEyes fourEyes,
            Releases releases,
            Approvals approvals,
            ReleaseManifests manifests,
            ReleaseEvents events,
            ReleaseWork work,
            Clock clock) {
        this.fourEyes = fourEyes;
        this.releases = releases;
        this.approvals = approvals;
        this.manifests = manifests;
        this.events = events;
        this.work = work;
        this.clock = clock;
    }

    /// Repeating an approval answers the one that was given.
    ///
    /// @throws Problem 404 no such release; 409 `past-approval` with the phase, `approved-already`, `same-person`;
    /// 422 for a role that this release does not ask for; 403 without the role, or `own-release`
    public Approval approve(Handle tx, UUID id, String role, @Nullable String note, Caller caller) {
        Release release = releases.lock(tx, id).orElseThrow(() -> Problem.notFound("release", id));
        refusePast(release);
        refuseUnasked(role, manifests.environment(tx, release).gates().approvals());
        if (!caller.approves(role)) {
            throw Problem.forbidden(
                    "forbidden", "Only a person with the role 'approver:%s' may do that.".formatted(role));
        }
        fourEyes.refuseOwn(tx, release, caller);
        List<Approval> given = approvals.of(tx, id);
        Optional<Approval> same = given.stream()
                .filter(approval ->
                        approval.role().equals(role) && approval.person().equals(caller.person()))
                .findFirst();
        if (same.isPresent()) {
            return same.get();
        }
        refuseTaken(tx, role, given, caller);
        Instant now = clock.instant().truncatedTo(MICROS);
        Approval approval = new Approval(role, caller.person(), release.artifact(), note, now);
        approvals.add(tx, id, approval);
        events.write(tx, release, new ApprovalGiven(release.ref(), role, caller.person(), now, note));
        work.gates(tx, id, now);
        return approval;
    }

    /// @throws Problem 409 `past-approval` unless it waits for its gates
    static void refusePast(Release release) {
        boolean waits = release.state() instanceof Waiting
                || release.state() instanceof Paused paused && paused.of() instanceof Waiting;
        if (!waits) {
            throw Problem.conflict(
                    "past-approval",
                    "The release is past its approvals: it is %s."
                            .formatted(release.state().phase()),
                    Map.of("phase", release.state().phase()));
        }
    }

    private static void refuseUnasked(String role, List<String> asked) {
        if (!asked.contains(role)) {
            throw Problem.unprocessable(
                    "This release asks for no approval by '%s'.".formatted(role),
                    List.of(Fault.at("role", "must be one of " + asked)));
        }
    }

    private void refuseTaken(Handle tx, String role, List<Approval> given, Caller caller) {
        for (Approval approval : given) {
            if (approval.role().equals(role)) {
                throw Problem.conflict(
                        "approved-already",
                        "%s has approved in this role.".formatted(approval.person()),
                        Map.of("role", role, "by", approval.person()));
            }
            if (fourEyes.isSame(tx, caller, approval.person())) {
                throw Problem.conflict(
                        "same-person",
                        "The roles are approved by different people; you have approved as %s."
                                .formatted(approval.role()),
                        Map.of("role", approval.role(), "by", approval.person()));
            }
        }
    }
}
