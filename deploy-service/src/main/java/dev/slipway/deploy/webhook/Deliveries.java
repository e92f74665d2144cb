package dev.slipway.deploy.webhook;

import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
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

    /// A verified delivery's name among all.
    record Key(String application, String delivery) {}

    /// The verified delivery that had an id first, with the hash of its body.
    record First(Delivery delivery, String bodyHash) {}

    /// A delivery with what it brought. @param body kept as it came; null: not kept
    record Row(Delivery delivery, String bodyHash, byte @Nullable [] body) {}

    /// Those of GitHub that had these ids first. One look into the one index that begins with the id, for
    /// each: left to itself the planner believes the last count of the table's rows, and may go through
    /// all of an application's.
    Map<Key, First> firsts(Handle tx, List<Key> keys) {
        if (keys.isEmpty()) {
            return new HashMap<>();
        }
        return tx
                .createQuery("""
                        select first.* from unnest(cast(:applications as text[]), cast(:deliveries as text[]))
                                            as wanted (application, delivery)
                        cross join lateral (
                            select * from delivery
                            where delivery = wanted.delivery and application || '' = wanted.application
                              and provider = :provider and verified and repeats is null limit 1) first""")
                .bindArray("applications", String.class, column(keys, Key::application))
                .bindArray("deliveries", String.class, column(keys, Key::delivery))
                .bind("provider", GitHubReader.PROVIDER)
                .map((row, _) -> new First(delivery(row), row.getString("body_sha256")))
                .stream()
                .collect(Collectors.toMap(
                        first -> new Key(first.delivery.application(), first.delivery.deliveryId()),
                        Function.identity(),
                        (one, _) -> one,
                        HashMap::new));
    }

    /// Stores deliveries, except verified ones whose id is taken by a verified one. A concurrent
    /// transaction with such an id is waited for; everybody stores in the same order, so that no two wait
    /// for one another.
    ///
    /// @return how many were stored
    int add(Handle tx, List<Row> rows) {
        List<Row> sorted = rows.stream()
                .sorted(Comparator.comparing((Row row) -> row.delivery().application())
                        .thenComparing(row -> row.delivery().deliveryId()))
                .toList();
        int added = tx.createUpdate("""
                        insert into delivery (id, application, provider, delivery, event, verified, repeats, verdict,
                                              reason, candidate, received_at, body_sha256)
                        select cast(id as uuid), application, :provider, delivery, event, verified,
                               cast(repeats as uuid), verdict, reason, cast(candidate as uuid),
                               cast(received_at as timestamptz), body_sha256
                        from unnest(cast(:ids as text[]), cast(:applications as text[]), cast(:deliveries as text[]),
                                    cast(:events as text[]), cast(:verified as boolean[]), cast(:repeats as text[]),
                                    cast(:verdicts as text[]), cast(:reasons as text[]), cast(:candidates as text[]),
                                    cast(:times as text[]), cast(:hashes as text[]))
                             as fresh (id, application, delivery, event, verified, repeats, verdict, reason, candidate,
                                       received_at, body_sha256)
                        on conflict (application, provider, delivery) where verified and repeats is null do nothing""")
                .bind("provider", GitHubReader.PROVIDER)
                .bindArray("ids", String.class, of(sorted, Delivery::id))
                .bindArray("applications", String.class, of(sorted, Delivery::application))
                .bindArray("deliveries", String.class, of(sorted, Delivery::deliveryId))
                .bindArray("events", String.class, of(sorted, Delivery::event))
                .bindArray("verified", String.class, of(sorted, Delivery::verified))
                .bindArray("repeats", String.class, of(sorted, Delivery::repeats))
                .bindArray("verdicts", String.class, of(sorted, Delivery::verdict))
                .bindArray("reasons", String.class, of(sorted, Delivery::reason))
                .bindArray("candidates", String.class, of(sorted, Delivery::candidate))
                .bindArray("times", String.class, of(sorted, Delivery::receivedAt))
                .bindArray("hashes", String.class, column(sorted, Row::bodyHash))
                .execute();
        addBodies(tx, rows.stream().filter(row -> row.body != null).toList());
        return added;
    }

    private static void addBodies(Handle tx, List<Row> rows) {
        if (rows.size() == 1) {
            // It may be large: an array would hold it a second time.
            tx.createUpdate("insert into delivery_body (delivery, body) values (:delivery, :body)")
                    .bind("delivery", rows.getFirst().delivery.id())
                    .bind("body", rows.getFirst().body)
                    .execute();
        } else if (!rows.isEmpty()) {
            byte[][] bodies = rows.stream().map(Row::body).toArray(byte[][]::new);
            Argument array = (position, statement, _) ->
                    statement.setArray(position, statement.getConnection().createArrayOf("bytea", bodies));
            tx.createUpdate("""
                            insert into delivery_body (delivery, body)
                            select * from unnest(cast(:deliveries as uuid[]), cast(:bodies as bytea[]))""")
                    .bindArray("deliveries", String.class, of(rows, Delivery::id))
                    .bind("bodies", array)
                    .execute();
        }
    }

    private static @Nullable String[] of(List<Row> rows, Function<Delivery, @Nullable Object> member) {
        return column(rows, row -> member.apply(row.delivery));
    }

    /// PostgreSQL reads all these types from text.
    private static <T> @Nullable String[] column(List<T> rows, Function<T, @Nullable Object> member) {
        return rows.stream()
                .map(member)
                .map(value -> value == null ? null : value.toString())
                .toArray(String[]::new);
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
