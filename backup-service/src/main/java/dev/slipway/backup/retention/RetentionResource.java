package dev.slipway.backup.retention;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.retention.Retention.Verdict;
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
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Retention for people: what would go and why, run it now, and whether it works.
@Path("/api/v1/applications/{application}/databases/{database}/retention")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class RetentionResource {
    /// Of one rule; more is a mistake, and would not fit when they are added.
    private static final int MOST = 100_000;

    private final Jdbi jdbi;
    private final Keeps keeps;
    private final Reports reports;
    private final ScheduleRetention schedule;
    private final Databases databases;
    private final Clock clock;

    RetentionResource(
            Jdbi jdbi, Keeps keeps, Reports reports, ScheduleRetention schedule, Databases databases, Clock clock) {
        this.jdbi = jdbi;
        this.keeps = keeps;
        this.reports = reports;
        this.schedule = schedule;
        this.databases = databases;
        this.clock = clock;
    }

    /// What retention would do now.
    ///
    /// @param policy what decides, for people
    /// @param keeps how many stay, and `letsGo` how many go
    /// @param items newest first
    /// @param next the cursor of the page after this one
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DryRun(
            String policy,
            int keeps,
            int letsGo,
            List<VerdictView> items,
            @Nullable String next) {}

    /// @param state `completed` or `failed`
    /// @param verdict `keep` or `go`, `reasons` say why
    record VerdictView(UUID backup, String state, Instant at, String verdict, List<String> reasons) {
        static VerdictView of(Verdict verdict) {
            return new VerdictView(
                    verdict.backup().id(),
                    verdict.backup().proved() ? "completed" : "failed",
                    verdict.backup().at(),
                    verdict.keep() ? "keep" : "go",
                    verdict.reasons());
        }
    }

    /// A dry run: by the manifest's policy, or by what is given here. Nothing is changed.
    ///
    /// @param last and the others as the manifest has them; giving one means these alone
    @GET
    @RolesAllowed("viewer")
    public DryRun dryRun(
            @PathParam("application") String application,
            @PathParam("database") String database,
            @QueryParam("last") @Nullable String last,
            @QueryParam("days") @Nullable String days,
            @QueryParam("daily") @Nullable String daily,
            @QueryParam("weekly") @Nullable String weekly,
            @QueryParam("monthly") @Nullable String monthly,
            @QueryParam("yearly") @Nullable String yearly,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        DatabaseKey key = new DatabaseKey(application, database);
        RetentionPolicy current = known(key).database().retention();
        RetentionPolicy policy = new Rules(
                        number("last", last),
                        number("days", days),
                        number("daily", daily),
                        number("weekly", weekly),
                        number("monthly", monthly),
                        number("yearly", yearly))
                .instead(current);
        PageRequest page = PageRequest.of(cursor, limit, 1);
        List<Verdict> all = jdbi.withHandle(
                handle -> Retention.decide(keeps.candidates(handle, key, clock.instant()), policy, clock.instant()));
        int from = page.first() ? 0 : page.after(0, Integer::parseInt);
        List<Verdict> rest = all.stream().skip(from).limit(page.fetch()).toList();
        Page<VerdictView> shown = Page.of(rest, page, _ -> List.of(Integer.toString(from + page.limit())))
                .map(VerdictView::of);
        int kept = (int) all.stream().filter(Verdict::keep).count();
        return new DryRun(policy.words(), kept, all.size() - kept, shown.items(), shown.next());
    }

    private static @Nullable Integer number(String name, @Nullable String text) {
        try {
            int number = text == null ? 0 : Integer.parseInt(text.strip());
            if (number >= 0 && number <= MOST) {
                return text == null ? null : Integer.valueOf(number);
            }
        } catch (NumberFormatException _) {
            // said below
        }
        String message = "must be a whole number from 0 to %d, not '%s'".formatted(MOST, text);
        throw Problem.badRequest(name + " " + message, List.of(Fault.at(name, message)));
    }

    private record Rules(
            @Nullable Integer last,
            @Nullable Integer days,
            @Nullable Integer daily,
            @Nullable Integer weekly,
            @Nullable Integer monthly,
            @Nullable Integer yearly) {
        RetentionPolicy instead(RetentionPolicy policy) {
            if (last == null && days == null && daily == null && weekly == null && monthly == null && yearly == null) {
                return policy;
            }
            try {
                return new RetentionPolicy(
                        or0(last),
                        or0(days),
                        or0(daily),
                        or0(weekly),
                        or0(monthly),
                        or0(yearly),
                        policy.zone(),
                        policy.failedDays(),
                        policy.releases());
            } catch (IllegalArgumentException e) {
                throw Problem.badRequest("These rules: " + e.getMessage(), List.of(Fault.at("last", e.getMessage())));
            }
        }

        private static int or0(@Nullable Integer number) {
            return Optional.ofNullable(number).orElse(0);
        }
    }

    /// Applies it now instead of within the hour, and tries again to remove what could not be removed.
    @POST
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed("operator")
    public Response now(@PathParam("application") String application, @PathParam("database") String database) {
        DatabaseKey key = new DatabaseKey(application, database);
        known(key);
        jdbi.useTransaction(tx -> schedule.now(tx, key));
        return Response.accepted().build();
    }

    /// Whether it works: what was found each day, newest first.
    @GET
    @Path("/reports")
    @RolesAllowed("viewer")
    public Page<Reports.Report> reports(
            @PathParam("application") String application,
            @PathParam("database") String database,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        DatabaseKey key = new DatabaseKey(application, database);
        known(key);
        PageRequest page = PageRequest.of(cursor, limit, 2);
        return Page.of(
                jdbi.withHandle(handle -> reports.list(handle, key, page)),
                page,
                shown -> List.of(shown.at().toString(), shown.id().toString()));
    }

    private Databases.Known known(DatabaseKey key) {
        return databases.current(key).orElseThrow(() -> Problem.notFound("database", key));
    }
}
