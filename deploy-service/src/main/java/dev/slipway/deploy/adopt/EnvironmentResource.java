package dev.slipway.deploy.adopt;

import dev.slipway.deploy.environment.EnvironmentRow;
import dev.slipway.deploy.environment.Environments;
import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.manifest.TargetSpec;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.Releases;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.StoredManifest;
import dev.slipway.web.Caller;
import dev.slipway.web.Fault;
import dev.slipway.web.Page;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The environments of an application: what runs in them, and being told so.
@Path("/api/v1/applications/{application}/environments")
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class EnvironmentResource {
    private final Jdbi jdbi;
    private final Manifests<DeployManifest> manifests;
    private final Environments environments;
    private final Releases releases;
    private final AdoptCurrent adopt;
    private final Caller caller;

    EnvironmentResource(
            Jdbi jdbi,
            Manifests<DeployManifest> manifests,
            Environments environments,
            Releases releases,
            AdoptCurrent adopt,
            Caller caller) {
        this.jdbi = jdbi;
        this.manifests = manifests;
        this.environments = environments;
        this.releases = releases;
        this.adopt = adopt;
        this.caller = caller;
    }

    /// Every environment, in promotion order.
    @GET
    @RolesAllowed("viewer")
    public Page<EnvironmentView> list(@PathParam("application") String application) {
        return jdbi.inTransaction(tx -> new Page<>(
                manifest(tx, application).sections().environments().stream()
                        .map(environment -> view(tx, application, environment.name()))
                        .toList(),
                null));
    }

    /// @param target the colour it runs on; may be left out where there is only one
    record CurrentWish(
            @Nullable String version,
            @Nullable String commit,
            @Nullable String artifact,
            @Nullable String target) {}

    /// Says what runs in an environment that Slipway did not deploy.
    @PUT
    @Path("{environment}/current")
    @RolesAllowed("admin")
    public EnvironmentView current(
            @PathParam("application") String application,
            @PathParam("environment") String name,
            @Nullable CurrentWish wish) {
        return jdbi.inTransaction(tx -> {
            StoredManifest<DeployManifest> manifest = manifest(tx, application);
            Environment environment = manifest.sections()
                    .environment(name)
                    .orElseThrow(() -> Problem.notFound("environment", application + "/" + name));
            AdoptCurrent.Running running = running(wish, environment);
            adopt.adopt(tx, application, name, manifest.hash(), caller.person(), running);
            return view(tx, application, name);
        });
    }

    private static AdoptCurrent.Running running(@Nullable CurrentWish wish, Environment environment) {
        CurrentWish said = wish == null ? new CurrentWish(null, null, null, null) : wish;
        List<Fault> faults = new ArrayList<>();
        String version = required(said.version(), "version", faults);
        String commit = required(said.commit(), "commit", faults);
        String artifact = required(said.artifact(), "artifact", faults);
        Set<String> colours = environment.target().colours().keySet();
        Set<String> targets = colours.isEmpty() ? Set.of(TargetSpec.DEFAULT) : colours;
        String target = said.target() == null && colours.isEmpty() ? TargetSpec.DEFAULT : said.target();
        if (target == null || !targets.contains(target)) {
            faults.add(Fault.at("target", "must be one of " + targets));
        }
        if (!faults.isEmpty()) {
            throw Problem.unprocessable("That does not say what runs.", faults);
        }
        return new AdoptCurrent.Running(version, commit, artifact, target);
    }

    private static String required(@Nullable String value, String path, List<Fault> faults) {
        if (value == null || value.isBlank()) {
            faults.add(Fault.at(path, "is missing"));
            return "";
        }
        return value.strip();
    }

    private StoredManifest<DeployManifest> manifest(Handle tx, String application) {
        return manifests.current(tx, application).orElseThrow(() -> Problem.notFound("application", application));
    }

    private EnvironmentView view(Handle tx, String application, String name) {
        EnvironmentRow row = environments.find(tx, application, name);
        return new EnvironmentView(name, application + "/" + name, in(tx, row.current()), in(tx, row.running()));
    }

    private EnvironmentView.@Nullable In in(Handle tx, @Nullable UUID release) {
        return Optional.ofNullable(release)
                .flatMap(id -> releases.byId(tx, id))
                .map((Release found) -> EnvironmentView.In.of(found))
                .orElse(null);
    }
}
