package dev.slipway.deploy.gate;

import dev.slipway.deploy.access.People;
import dev.slipway.deploy.candidate.Candidate;
import dev.slipway.deploy.candidate.Candidates;
import dev.slipway.deploy.release.Release;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Nobody decides on a release they asked for or had a part in, whatever they are called there and by whatever token
/// they come.
@Singleton
final class FourEyes {
    private final People people;
    private final Candidates candidates;

    FourEyes(People people, Candidates candidates) {
        this.people = people;
        this.candidates = candidates;
    }

    /// @throws Problem 403 `own-release`
    void refuseOwn(Handle tx, Release release, Caller caller) {
        List<String> involved = new ArrayList<>(candidates
                .byId(tx, release.candidate())
                .map(Candidate::involved)
                .orElse(List.of()));
        involved.add(release.requester());
        if (release.author() != null) {
            involved.add(release.author());
        }
        if (people.isOneOf(tx, caller, involved)) {
            throw Problem.forbidden("own-release", "Nobody approves a release they asked for or wrote.");
        }
    }

    boolean isSame(Handle tx, Caller caller, String person) {
        return people.isSame(tx, caller, person);
    }
}
