package dev.slipway.deploy.release;

import dev.slipway.deploy.candidate.Candidate;
import dev.slipway.deploy.manifest.DeployManifest;
import jakarta.inject.Singleton;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Makes a candidate's release for the first environment of its application.
@Singleton
public final class QueueRelease {

    /// Stores release and plan, says so, and makes its gates due, all in the open transaction. The candidate's row must
    /// be there already.
    ///
    /// @param manifestHash the version of the manifest the release is made with
    /// @return the release's id
    public UUID first(Handle tx, Candidate candidate, DeployManifest manifest, String manifestHash) {
        throw new UnsupportedOperationException("soon");
    }
}
