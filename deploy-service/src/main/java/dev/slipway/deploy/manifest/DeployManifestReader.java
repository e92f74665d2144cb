package dev.slipway.deploy.manifest;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import dev.slipway.deploy.manifest.DeployManifest.GitHub;
import dev.slipway.deploy.manifest.DeployManifest.Webhooks;
import dev.slipway.deploy.target.Targets;
import dev.slipway.deploy.traffic.Routers;
import dev.slipway.events.Catalogue;
import dev.slipway.manifest.Faults;
import dev.slipway.manifest.ManifestNode;
import dev.slipway.manifest.ManifestReader;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads what deploy-service needs of a manifest: `repository`, `artifact`, `webhooks`, `environments`, `smokeTests`.
@Singleton
final class DeployManifestReader implements ManifestReader<DeployManifest> {
    private static final Pattern REPOSITORY = Pattern.compile("[A-Za-z0-9._-]+/[A-Za-z0-9._-]+");
    private static final String COMMIT = "${commit}";

    private final Targets targets;
    private final Routers routers;

    DeployManifestReader(Targets targets, Routers routers) {
        this.targets = targets;
        this.routers = routers;
    }

    @Override
    public String service() {
        return Catalogue.DEPLOY;
    }

    @Override
    public DeployManifest read(ManifestNode root, Faults faults) {
        EnvironmentReader environments = new EnvironmentReader(
                targets.types(), routers.types(), root.namesIn("smokeTests"), root.namesIn("databases"));
        return new DeployManifest(
                root.name("application"),
                repository(root),
                artifact(root),
                root.optionalObject("webhooks", DeployManifestReader::webhooks).orElse(new Webhooks(null)),
                root.named("environments", environments::read),
                root.optionalNamed("smokeTests", SmokeReader::suite));
    }

    private static String repository(ManifestNode root) {
        String repository = root.text("repository");
        if (!repository.isEmpty() && !REPOSITORY.matcher(repository).matches()) {
            root.fault("repository", "must be owner/name, not '%s'".formatted(repository));
        }
        return repository;
    }

    /// A build is told from another by its commit, so the version must hold it.
    private static String artifact(ManifestNode root) {
        String artifact = root.text("artifact");
        if (artifact.isEmpty()) {
            return artifact;
        }
        try {
            PackageURL sample = new PackageURL(artifact.replace(COMMIT, "0".repeat(40)));
            if (sample.getVersion() == null || !sample.getVersion().contains("0".repeat(40))) {
                root.fault("artifact", "must have %s in its version: pkg:generic/shop@%s".formatted(COMMIT, COMMIT));
            }
        } catch (MalformedPackageURLException e) {
            root.fault(
                    "artifact",
                    "must be a package URL such as pkg:generic/shop@%s: %s".formatted(COMMIT, e.getMessage()));
        }
        return artifact;
    }

    private static Webhooks webhooks(ManifestNode node) {
        return new Webhooks(
                node.optionalObject("github", DeployManifestReader::github).orElse(null));
    }

    private static GitHub github(ManifestNode node) {
        return new GitHub(node.secrets("secrets"), node.text("workflow"), distinct(node, "branches"));
    }

    /// Texts of which none is there twice.
    static List<String> distinct(ManifestNode node, String key) {
        List<String> texts = node.texts(key);
        if (Set.copyOf(texts).size() < texts.size()) {
            node.fault(key, "names something twice");
        }
        return texts;
    }
}
