package dev.slipway.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.idempotency.Begun.Claim;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The keys in the database.
@Singleton
final class Keys {
    private static final int MOST_TRIES = 10;

    /// Every new key takes so many old ones away: they never pile up, and nobody waits for it.
    private static final int PRUNED_AT_ONCE = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Jdbi jdbi;
    private final Clock clock;
    private final Duration keep;
    private final Duration lease;

    Keys(
            Jdbi jdbi,
            Clock clock,
            @ConfigProperty(name = "slipway.idempotency.keep") Duration keep,
            @ConfigProperty(name = "slipway.idempotency.lease") Duration lease) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.keep = keep;
        this.lease = lease;
    }

    private record Row(
            String request,
            Instant begunAt,
            Instant leaseUntil,
            boolean applied,
            @Nullable Answer answer) {}

    Begun begin(String scope, String key, String request) {
        Claim claim = new Claim(scope, key, UUID.randomUUID());
        return jdbi.inTransaction(tx -> {
            prune(tx);
            // A row that was there may be gone when its lock is free: somebody let go of an old key meanwhile.
            for (int tries = 0; tries < MOST_TRIES; tries++) {
                Optional<Begun> begun =
                        insert(tx, claim, request) ? Optional.of(new Begun.First(claim)) : again(tx, claim, request);
                if (begun.isPresent()) {
                    return begun.get();
                }
            }
            return new Begun.UnderWay();
        });
    }

    private boolean insert(Handle tx, Claim claim, String request) {
        return tx.createUpdate("""
                                insert into idempotency (scope, key, request, owner, begun_at, lease_until)
                                values (:scope, :key, :request, :owner, :now, :lease) on conflict do nothing""")
                        .bindMethods(claim)
                        .bind("request", request)
                        .bind("now", clock.instant())
                        .bind("lease", clock.instant().plus(lease))
                        .execute()
                == 1;
    }

    private Optional<Begun> again(Handle tx, Claim claim, String request) {
        return tx.createQuery("select * from idempotency where scope = :scope and key = :key for update")
                .bindMethods(claim)
                .map((found, _) -> row(found))
                .findOne()
                .map(row -> again(tx, claim, request, row));
    }

    private Begun again(Handle tx, Claim claim, String request, Row row) {
        Instant now = clock.instant();
        if (!row.begunAt.plus(keep).isAfter(now)) {
            tx.createUpdate("delete from idempotency where scope = :scope and key = :key")
                    .bindMethods(claim)
                    .execute();
            insert(tx, claim, request);
            return new Begun.First(claim);
        }
        if (!row.request.equals(request)) {
            return new Begun.OtherRequest();
        }
        if (row.answer != null) {
            return new Begun.Answered(row.answer);
        }
        if (row.leaseUntil.isAfter(now)) {
            return new Begun.UnderWay();
        }
        return row.applied ? new Begun.AnswerLost() : takeOver(tx, claim, now);
    }

    private Begun takeOver(Handle tx, Claim claim, Instant now) {
        tx.createUpdate(
                        "update idempotency set owner = :owner, lease_until = :lease where scope = :scope and key = :key")
                .bindMethods(claim)
                .bind("lease", now.plus(lease))
                .execute();
        return new Begun.First(claim);
    }

    void answered(Claim claim, Answer answer) {
        jdbi.useTransaction(tx -> tx.createUpdate("""
                        update idempotency set status = :status, headers = cast(:headers as jsonb), body = :body,
                                               withheld = :withheld
                        where scope = :scope and key = :key and owner = :owner""")
                .bindMethods(claim)
                .bind("status", answer.status())
                .bind("headers", json(answer.headers()))
                .bind("body", answer.body())
                .bind("withheld", answer.withheld())
                .execute());
    }

    /// Nothing was decided. What had no effect may be tried again at once; what had one is never done again.
    void failed(Claim claim) {
        jdbi.useTransaction(tx -> {
            tx.createUpdate("""
                            delete from idempotency
                            where scope = :scope and key = :key and owner = :owner and applied_at is null""").bindMethods(claim).execute();
            tx.createUpdate("""
                            update idempotency set lease_until = :now
                            where scope = :scope and key = :key and owner = :owner""").bindMethods(claim).bind("now", clock.instant()).execute();
        });
    }

    private void prune(Handle tx) {
        tx.createUpdate("""
                        delete from idempotency where (scope, key) in (
                            select scope, key from idempotency where begun_at <= :old
                            order by begun_at limit :most for update skip locked)""")
                .bind("old", clock.instant().minus(keep))
                .bind("most", PRUNED_AT_ONCE)
                .execute();
    }

    private static Row row(ResultSet row) throws SQLException {
        int status = row.getInt("status");
        Answer answer = row.wasNull()
                ? null
                : new Answer(
                        status, headers(row.getString("headers")), row.getBytes("body"), row.getBoolean("withheld"));
        Timestamp applied = row.getTimestamp("applied_at");
        return new Row(
                row.getString("request"),
                row.getTimestamp("begun_at").toInstant(),
                row.getTimestamp("lease_until").toInstant(),
                applied != null,
                answer);
    }

    private static String json(Map<String, List<String>> headers) {
        try {
            return JSON.writeValueAsString(headers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can be written", e);
        }
    }

    private static Map<String, List<String>> headers(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was written here can be read", e);
        }
    }
}
