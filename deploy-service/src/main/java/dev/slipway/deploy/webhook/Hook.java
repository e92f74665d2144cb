package dev.slipway.deploy.webhook;

import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.manifest.DeployManifest.GitHub;
import dev.slipway.deploy.webhook.Reading.Refused;
import dev.slipway.manifest.References;
import dev.slipway.manifest.StoredManifest;
import dev.slipway.manifest.UnresolvedReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// An application's webhook as one version of its manifest describes it, its secrets resolved.
///
/// @param version the manifest's hash, null when there is none
/// @param closed why nothing gets in here, null when something may
/// @param keys any of them may have signed
/// @param unresolved what is wrong with the secrets, for the reason of a refusal
record Hook(
        @Nullable String version,
        @Nullable String closed,
        List<SecretKey> keys,
        List<String> unresolved,
        String repository,
        String workflow,
        List<String> branches) {
    private static final Logger LOG = Logger.getLogger(Hook.class);

    /// Stands for the secrets of an application nobody knows, so that the answer to it takes as long as
    /// any other.
    private static final List<SecretKey> NOBODYS =
            List.of(GitHubSignature.key("nobody's secret").orElseThrow());

    static Hook of(Optional<StoredManifest<DeployManifest>> manifest, References references) {
        if (manifest.isEmpty()) {
            return closed(null, "there is no such application");
        }
        String version = manifest.get().hash();
        DeployManifest sections = manifest.get().sections();
        GitHub github = sections.webhooks().github();
        if (github == null) {
            return closed(version, "the application has no webhook for GitHub");
        }
        List<SecretKey> keys = new ArrayList<>();
        List<String> unresolved = new ArrayList<>();
        for (String secret : github.secrets()) {
            try {
                GitHubSignature.key(references.resolve(secret)).ifPresent(keys::add);
            } catch (UnresolvedReference e) {
                LOG.errorf("event=webhook_secret_unresolved reason='%s'", e.getMessage());
                unresolved.add(e.getMessage());
            }
        }
        return new Hook(version, null, keys, unresolved, sections.repository(), github.workflow(), github.branches());
    }

    private static Hook closed(@Nullable String version, String why) {
        return new Hook(version, why, NOBODYS, List.of(), "", "", List.of());
    }

    /// What a delivery means here, after its sender is proved.
    Reading read(Incoming incoming) {
        boolean genuine = GitHubSignature.matches(incoming.body(), incoming.signature(), keys);
        if (closed != null) {
            return new Refused(closed);
        }
        if (!genuine) {
            String why = incoming.signature() == null ? "there is no signature" : "the signature is wrong";
            return new Refused(unresolved.isEmpty() ? why : why + ", and " + unresolved);
        }
        return GitHubReader.read(incoming.event(), incoming.body(), repository, workflow, branches);
    }
}
