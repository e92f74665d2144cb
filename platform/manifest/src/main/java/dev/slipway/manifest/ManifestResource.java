package dev.slipway.manifest;

import dev.slipway.web.BoundedBody;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// The manifest of an application: what it is, or a new one.
@Path("/api/v1/applications/{application}/manifest")
final class ManifestResource {
    private static final String YAML = "application/yaml";

    private final Manifests<Object> manifests;
    private final Caller caller;

    ManifestResource(Manifests<Object> manifests, Caller caller) {
        this.manifests = manifests;
        this.caller = caller;
    }

    /// Checks the manifest and, unless this is a dry run, keeps it as the current version.
    @PUT
    @RolesAllowed("admin")
    @Consumes({YAML, "application/x-yaml", "text/yaml", MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public RestResponse<Manifests.Accepted> put(
            @PathParam("application") String application,
            @QueryParam("dryRun") @DefaultValue("false") boolean dryRun,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            InputStream body) {
        byte[] yaml = BoundedBody.read(body, Document.LARGEST);
        Manifests.Accepted accepted = dryRun
                ? manifests.check(application, yaml)
                : manifests.put(application, yaml, caller.name(), versionIn(ifMatch));
        return RestResponse.ResponseBuilder.ok(accepted)
                .tag(new EntityTag(accepted.hash()))
                .build();
    }

    /// The current manifest as it was sent, or the version asked for.
    @GET
    @RolesAllowed("viewer")
    @Produces(YAML)
    @RunOnVirtualThread
    public Response get(
            @PathParam("application") String application,
            @QueryParam("version") @Nullable String version,
            @Context Request request) {
        ManifestRows.Row found = manifests
                .text(application, Optional.ofNullable(version))
                .orElseThrow(() -> version == null
                        ? Problem.notFound("manifest of", application)
                        : Problem.notFound("manifest version", version));
        EntityTag tag = new EntityTag(found.hash());
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return unchanged == null
                ? Response.ok(found.text(), YAML + ";charset=UTF-8").tag(tag).build()
                : unchanged.build();
    }

    private static Optional<String> versionIn(@Nullable String ifMatch) {
        return Optional.ofNullable(ifMatch)
                .map(String::strip)
                .filter(tag -> !tag.equals("*"))
                .map(tag -> tag.replace("\"", ""));
    }
}
