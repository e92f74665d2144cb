package dev.slipway.idempotency;

import dev.slipway.audit.TransactionContext;
import dev.slipway.idempotency.Begun.Claim;
import dev.slipway.web.Problem;
import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Notes with a request's key that it has an effect, in the transaction of that effect.
@Singleton
final class EffectNotes implements TransactionContext {
    /// Where the filter leaves the claim of the request.
    static final String CLAIM = "slipway.idempotency";

    private final CurrentVertxRequest current;
    private final Clock clock;

    EffectNotes(CurrentVertxRequest current, Clock clock) {
        this.current = current;
        this.clock = clock;
    }

    /// A request that lost its key to another may not have its effect: both would.
    @Override
    public void beforeCommit(Handle tx) {
        Claim claim = claim();
        if (claim != null && !applied(tx, claim, clock)) {
            throw Problem.conflict(
                    "request-under-way", "Another request with this key took over; this one took too long.", Map.of());
        }
    }

    /// @return false when somebody else has the key by now
    static boolean applied(Handle tx, Claim claim, Clock clock) {
        boolean writes = tx.createQuery("select pg_current_xact_id_if_assigned() is not null")
                .mapTo(Boolean.class)
                .one();
        return !writes
                || tx.createUpdate("""
                                update idempotency set applied_at = coalesce(applied_at, :now)
                                where scope = :scope and key = :key and owner = :owner""")
                                .bindMethods(claim)
                                .bind("now", clock.instant())
                                .execute()
                        == 1;
    }

    private @Nullable Claim claim() {
        if (!Arc.container().requestContext().isActive()) {
            return null;
        }
        RoutingContext routing = current.getCurrent();
        return routing == null ? null : routing.get(CLAIM);
    }
}
