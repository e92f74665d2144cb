package dev.slipway.deploy.release;

import dev.slipway.deploy.candidate.Candidate;
import dev.slipway.deploy.candidate.Candidates;
import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import dev.slipway.manifest.StoredManifest;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// A release completed in one environment makes the candidate's release for the next, with the manifest that holds now.
@Singleton
public final class PromoteRelease implements WorkHandler {
    private final Releases releases;
    private final Candidates candidates;
    private final ReleaseManifests manifests;
    private final QueueRelease queue;

    public PromoteRelease(Releases releases, Candidates candidates, ReleaseManifests manifests, QueueRelease queue) {
        this.releases = releases;
        this.candidates = candidates;
        this.manifests = manifests;
        this.queue = queue;
    }

    @Override
    public String kind() {
        return ReleaseWork.PROMOTE;
    }

    @Override
    public WorkResult run(WorkItem item) {
        return WorkResult.done(tx -> promote(tx, UUID.fromString(item.id())));
    }

    private void promote(Handle tx, UUID id) {
        Release release = releases.existing(tx, id);
        Optional<Candidate> candidate = candidates.byId(tx, release.candidate());
        Optional<StoredManifest<DeployManifest>> manifest = manifests.current(tx, release.application());
        if (candidate.isEmpty() || manifest.isEmpty()) {
            return;
        }
        manifest.get()
                .sections()
                .after(release.environment())
                .ifPresent(next ->
                        queue.into(tx, candidate.get(), next, manifest.get().hash()));
    }
}
