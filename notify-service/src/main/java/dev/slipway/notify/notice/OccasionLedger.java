package dev.slipway.notify.notice;

import dev.slipway.notify.audience.Situation;
import dev.slipway.notify.occasion.Occasion;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// What was told already: table `occasion`.
@Singleton
final class OccasionLedger {
    static final String OPEN = "open";
    static final String DELIVERED = "delivered";
    static final String FAILED = "failed";

    /// An occasion as it was entered.
    ///
    /// @param state `open`, `delivered` or `failed`
    record Entry(
            UUID id,
            Situation situation,
            String application,
            @Nullable UUID release,
            @Nullable UUID request,
            UUID chain,
            String eventKey,
            String state) {}

    /// @param heard whether anybody hears of it; what nobody does is settled at once
    /// @return false when it was entered before: it is told once
    boolean enter(Handle tx, Occasion occasion, boolean heard, Instant now) {
        return tx.createUpdate("""
                                insert into occasion (id, key, situation, application, environment, release, request,
                                    chain, event_key, state, created_at, settled_at)
                                values (:id, :key, :situation, :application, cast(:environment as text),
                                    cast(:release as uuid), cast(:request as uuid),
                                    :chain, :eventKey, :state, :now, cast(:settled as timestamptz))
                                on conflict (key) do nothing""")
                        .bind("id", occasion.id())
                        .bind("key", occasion.key())
                        .bind("situation", occasion.situation().label())
                        .bind("application", occasion.about().application())
                        .bind("environment", occasion.about().environment())
                        .bind("release", occasion.about().release())
                        .bind("eventKey", occasion.about().eventKey())
                        .bind("request", occasion.request())
                        .bind("chain", occasion.chainId())
                        .bind("state", heard ? OPEN : DELIVERED)
                        .bind("settled", heard ? null : now)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    /// Reads an entry and keeps others from settling it meanwhile.
    Optional<Entry> lock(Handle tx, UUID id) {
        return tx.createQuery("select * from occasion where id = :id for update")
                .bind("id", id)
                .map((rs, _) -> entry(rs))
                .findOne();
    }

    void settle(Handle tx, UUID id, String state, Instant now) {
        tx.createUpdate("update occasion set state = :state, settled_at = :now where id = :id")
                .bind("id", id)
                .bind("state", state)
                .bind("now", now)
                .execute();
    }

    private static Entry entry(ResultSet rs) throws SQLException {
        return new Entry(
                rs.getObject("id", UUID.class),
                Situation.of(rs.getString("situation")).orElseThrow(),
                rs.getString("application"),
                rs.getObject("release", UUID.class),
                rs.getObject("request", UUID.class),
                rs.getObject("chain", UUID.class),
                rs.getString("event_key"),
                rs.getString("state"));
    }
}
