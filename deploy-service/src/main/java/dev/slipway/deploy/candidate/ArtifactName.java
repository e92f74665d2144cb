package dev.slipway.deploy.candidate;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The package URL of a build's artifact.
///
/// @param url in its canonical form
/// @param version the part of it that tells builds apart
record ArtifactName(String url, String version) {
    private static final String COMMIT = "${commit}";

    /// Stands for the commit while a template is parsed; like a commit it needs no encoding.
    private static final String SAMPLE = "5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e";

    private static final int MOST_PARSED = 256;

    /// Templates come from manifests, of which there are few. Parsing one takes longer than all else a
    /// candidate does.
    private static final Map<String, ArtifactName> PARSED = new ConcurrentHashMap<>();

    /// @param template as in the manifest, with `${commit}` in its version
    /// @param commit hexadecimal
    static ArtifactName of(String template, String commit) {
        if (PARSED.size() > MOST_PARSED) {
            PARSED.clear();
        }
        ArtifactName sample = PARSED.computeIfAbsent(template, ArtifactName::parse);
        return new ArtifactName(sample.url.replace(SAMPLE, commit), sample.version.replace(SAMPLE, commit));
    }

    private static ArtifactName parse(String template) {
        try {
            PackageURL artifact = new PackageURL(template.replace(COMMIT, SAMPLE));
            return new ArtifactName(artifact.canonicalize(), artifact.getVersion());
        } catch (MalformedPackageURLException e) {
            throw new IllegalStateException(
                    "the manifest was read with an artifact that is no package URL: " + template, e);
        }
    }
}
