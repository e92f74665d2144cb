package dev.slipway.deploy.report;

import dev.slipway.deploy.gate.Approval;
import dev.slipway.deploy.gate.ApproveRelease;
import dev.slipway.deploy.gate.GateOverride;
import dev.slipway.deploy.gate.OverrideGate;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseView;
import dev.slipway.deploy.release.Releases;
import dev.slipway.web.Caller;
import dev.slipway.web.Fault;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Releases: what there is, how far each one is, who approves.
@Path("/api/v1/releases")
@Consumes(MediaType.APPLICATION_JSON)
final class ReleaseResource {
    private final Jdbi jdbi;
    private final Releases releases;
    private final ReadRelease read;
    private final ApproveRelease approve;
    private final OverrideGate override;
    private final Caller caller;

    ReleaseResource(
            Jdbi jdbi,
            Releases releases,
            ReadRelease read,
            ApproveRelease approve,
            OverrideGate override,
            Caller caller) {
        this.jdbi = jdbi;
        this.releases = releases;
        this.read = read;
        this.approve = approve;
        this.override = override;
        this.caller = caller;
    }

    /// Releases, the newest first.
    @GET
    @RolesAllowed("viewer")
    @RunOnVirtualThread
    public Page<ReleaseView> list(
            @QueryParam("application") @Nullable String application,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("phase") @Nullable String phase,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(cursor, limit, 2);
        List<Release> found =
                jdbi.withHandle(tx -> releases.page(tx, application, shortName(environment), phase, page));
        return Page.of(found, page, ReleaseResource::position).map(ReleaseView::of);
    }

    @GET
    @Path("{id}")
    @RolesAllowed("viewer")
    @RunOnVirtualThread
    public ReleaseDetail get(@PathParam("id") UUID id) {
        return ReleaseDetail.of(read.read(id));
    }

    /// Who did what when, with the evidence, and whether it went well.
    @GET
    @Path("{id}/report")
    @RolesAllowed("viewer")
    @RunOnVirtualThread
    public CompletionReport report(@PathParam("id") UUID id) {
        return CompletionReport.of(read.read(id));
    }

    /// @param note for the records
    record ApprovalWish(@Nullable String role, @Nullable String note) {}

    /// Signs the release off in a role the caller has; repeating it changes nothing.
    @POST
    @Path("{id}/approvals")
    @RolesAllowed("approver")
    @RunOnVirtualThread
    public Approval approve(@PathParam("id") UUID id, @Nullable ApprovalWish wish) {
        if (wish == null || wish.role() == null || wish.role().isBlank()) {
            throw Problem.unprocessable("An approval is given in a role.", List.of(Fault.at("role", "is missing")));
        }
        return jdbi.inTransaction(tx -> approve.approve(tx, id, wish.role(), wish.note(), caller));
    }

    record OverrideWish(@Nullable String gate, @Nullable String reason) {}

    /// Opens a gate by the caller's word, where the manifest lets the caller's role do so; repeating it changes
    /// nothing.
    @POST
    @Path("{id}/overrides")
    @RolesAllowed("approver")
    @RunOnVirtualThread
    public GateOverride override(@PathParam("id") UUID id, OverrideWish wish) {
        return jdbi.inTransaction(tx -> override.override(tx, id, wish.gate(), wish.reason(), caller));
    }

    /// `shop/production` means the same as `production`.
    private static @Nullable String shortName(@Nullable String environment) {
        return environment == null ? null : environment.substring(environment.indexOf('/') + 1);
    }

    private static List<String> position(Release release) {
        return List.of(release.createdAt().toString(), release.id().toString());
    }
}
