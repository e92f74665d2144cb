package dev.slipway.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.web.Fault;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Who changed what in this service, when, from where and why.
@Path("/api/v1/audit")
@RolesAllowed("operator")
@RunOnVirtualThread
final class AuditResource {
    private static final int MOST_VERIFIED = 100_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Jdbi jdbi;
    private final VerifyChain chain;

    AuditResource(Jdbi jdbi, VerifyChain chain) {
        this.jdbi = jdbi;
        this.chain = chain;
    }

    /// A change, or an attempt at one that was refused.
    /// @param old of a changed thing what it had been, as far as it changed
    /// @param position in the chain; absent until the row is sealed
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Change(
            long seq,
            Instant at,
            String cause,
            @Nullable String person,
            @Nullable String token,
            @Nullable String address,
            @Nullable String agent,
            @Nullable String origin,
            String action,
            String change,
            String kind,
            String subject,
            @Nullable String application,
            @Nullable JsonNode old,
            @JsonProperty("new") @Nullable JsonNode now,
            @Nullable Long position,
            @Nullable String hash) {}

    /// Changes, the newest first.
    @GET
    public Page<Change> list(
            @QueryParam("application") @Nullable String application,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("subject") @Nullable String subject,
            @QueryParam("person") @Nullable String person,
            @QueryParam("action") @Nullable String action,
            @QueryParam("cause") @Nullable String cause,
            @QueryParam("change") @Nullable String change,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(cursor, limit, 1);
        Instant since = time("from", from);
        Instant until = time("to", to);
        List<Change> fetched = jdbi.withHandle(tx -> tx.createQuery("""
                        select a.*, s.position, s.hash from audit a left join audit_seal s using (seq)
                        where (cast(:application as text) is null or application = :application)
                          and (cast(:kind as text) is null or kind = :kind)
                          and (cast(:subject as text) is null or subject = :subject)
                          and (cast(:person as text) is null or person = :person)
                          and (cast(:action as text) is null or action = :action)
                          and (cast(:cause as text) is null or cause = :cause)
                          and (cast(:change as text) is null or change = :change)
                          and (cast(:from as timestamptz) is null or at >= :from)
                          and (cast(:to as timestamptz) is null or at < :to)
                          and (cast(:before as bigint) is null or a.seq < :before)
                        order by a.seq desc limit :fetch""")
                .bind("application", text(application))
                .bind("kind", text(kind))
                .bind("subject", text(subject))
                .bind("person", text(person))
                .bind("action", text(action))
                .bind("cause", text(cause))
                .bind("change", text(change))
                .bindByType("from", since, Instant.class)
                .bindByType("to", until, Instant.class)
                .bindByType("before", page.first() ? null : page.after(0, Long::valueOf), Long.class)
                .bind("fetch", page.fetch())
                .map((row, _) -> change(row))
                .list());
        return Page.of(fetched, page, last -> List.of(Long.toString(last.seq())));
    }

    /// Checks the chain from where it was last pruned, or after a place that was kept elsewhere, for 100,000 rows at
    /// most.
    ///
    /// @param position of that place, with its hash
    @GET
    @Path("verify")
    public VerifyChain.Report verify(
            @QueryParam("position") @Nullable String position, @QueryParam("hash") @Nullable String hash) {
        return chain.verify(known(position, hash), MOST_VERIFIED);
    }

    private static Optional<VerifyChain.Place> known(@Nullable String position, @Nullable String hash) {
        if (position == null && hash == null) {
            return Optional.empty();
        }
        if (hash == null || !hash.matches("[0-9a-fA-F]{64}")) {
            throw invalid("hash", "must have 64 hexadecimal digits and stand beside position");
        }
        if (position == null || !position.matches("[0-9]{1,18}")) {
            throw invalid("position", "must be a whole number from 0 on and stand beside hash");
        }
        return Optional.of(new VerifyChain.Place(Long.parseLong(position), hash));
    }

    private static @Nullable String text(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static @Nullable Instant time(String name, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(text.replace(' ', '+'));
            if (time.getYear() >= 0 && time.getYear() <= 9999) {
                return time.toInstant();
            }
        } catch (DateTimeParseException _) {
            // said below
        }
        throw invalid(name, "must be a time like 2026-03-01T10:00:00Z");
    }

    private static Problem invalid(String name, String message) {
        return Problem.badRequest(name + " " + message, List.of(Fault.at(name, message)));
    }

    private static Change change(ResultSet row) throws SQLException {
        return new Change(
                row.getLong("seq"),
                row.getTimestamp("at").toInstant(),
                row.getString("cause"),
                row.getString("person"),
                row.getString("token"),
                row.getString("address"),
                row.getString("agent"),
                row.getString("origin"),
                row.getString("action"),
                row.getString("change"),
                row.getString("kind"),
                row.getString("subject"),
                row.getString("application"),
                json(row.getString("old")),
                json(row.getString("new")),
                row.getObject("position", Long.class),
                row.getString("hash"));
    }

    private static @Nullable JsonNode json(@Nullable String text) {
        try {
            return text == null ? null : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL writes JSON", e);
        }
    }
}
