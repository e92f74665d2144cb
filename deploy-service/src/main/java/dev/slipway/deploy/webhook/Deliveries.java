package dev.slipway.deploy.webhook;

import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The deliveries in the database.
@Singleton
final class Deliveries {
    /// So many of those nobody proved are kept: whoever floods the door fills no disk.
    static final int MOST_UNVERIFIED = 1_000;

    private final Jdbi jdbi;

    Deliveries(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Stores a delivery, unless it is verified and its id is taken by a verified one. A concurrent transaction with
    /// the
    /// same id is waited for.
    ///
    /// @param payload kept as it came; null: not kept
    /// @return whether it was stored
    boolean add(Handle tx, Delivery delivery, String bodyHash, byte @Nullable [] payload) {
        return tx.createUpdate("""
                        insert into delivery (id, application, provider, delivery, event, verified, repeats, verdict,
                                              reason, candidate, received_at, body_sha256, payload)
                        values (:id, :application, :provider, :deliveryId, :event, :verified,
                                cast(:repeats as uuid), :verdict,
                                :reason, cast(:candidate as uuid), :receivedAt, :bodyHash, :payload)
                        on conflict (application, provider, delivery) where verified and repeats is null do nothing""")
                        .bindMethods(delivery)
                        .bind("bodyHash", bodyHash)
                        .bindByType("payload", payload, byte[].class)
                        .execute()
                == 1;
    }

    /// The verified delivery that had an id first, with the hash of its body.
    First first(Handle tx, String application, String provider, String deliveryId) {
        return tx.createQuery("""
                        select * from delivery
                        where application = :application and provider = :provider and delivery = :delivery
                          and verified and repeats is null""")
                .bind("application", application)
                .bind("provider", provider)
                .bind("delivery", deliveryId)
                .map((row, _) -> new First(delivery(row), row.getString("body_sha256")))
                .one();
    }

    record First(Delivery delivery, String bodyHash) {}

    /// Says what became of a delivery that was stored before that was known.
    void conclude(Handle tx, Delivery delivery) {
        tx.createUpdate("""
                        update delivery set verdict = :verdict, reason = :reason, candidate = cast(:candidate as uuid)
                        where id = :id""").bindMethods(delivery).execute();
    }

    /// Forgets the oldest of those nobody proved.
    void prune(Handle tx) {
        tx.createUpdate("""
                        delete from delivery where id in (
                            select id from delivery where not verified
                            order by received_at desc, id desc offset :most)""").bind("most", MOST_UNVERIFIED).execute();
    }

    /// The newest first.
    Page<Delivery> page(Optional<String> application, Optional<Verdict> verdict, PageRequest request) {
        Instant before = request.first() ? null : request.after(0, Instant::parse);
        UUID beforeId = request.first() ? null : request.after(1, UUID::fromString);
        List<Delivery> fetched = jdbi.withHandle(handle -> handle.createQuery("""
                        select * from delivery
                        where (cast(:application as text) is null or application = :application)
                          and (cast(:verdict as text) is null or verdict = :verdict)
                          and (cast(:before as timestamptz) is null or (received_at, id) < (:before, cast(:beforeId as uuid)))
                        order by received_at desc, id desc limit :fetch""")
                .bind("application", application.orElse(null))
                .bind("verdict", verdict.map(Verdict::tag).orElse(null))
                .bindByType("before", before, Instant.class)
                .bindByType("beforeId", beforeId, UUID.class)
                .bind("fetch", request.fetch())
                .map((row, _) -> delivery(row))
                .list());
        return Page.of(
                fetched,
                request,
                last -> List.of(last.receivedAt().toString(), last.id().toString()));
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        return new Delivery(
                row.getObject("id", UUID.class),
                row.getString("application"),
                row.getString("provider"),
                row.getString("delivery"),
                row.getString("event"),
                row.getBoolean("verified"),
                row.getString("verdict"),
                row.getString("reason"),
                row.getObject("candidate", UUID.class),
                row.getObject("repeats", UUID.class),
                row.getTimestamp("received_at").toInstant());
    }
}
