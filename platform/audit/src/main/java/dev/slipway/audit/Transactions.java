package dev.slipway.audit;

import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionHandler;

/// Makes transactions of a database carry why they happen.
@Singleton
public final class Transactions {
    private final List<TransactionContext> contexts;
    private final Clock clock;

    public Transactions(@All List<TransactionContext> contexts, Clock clock) {
        this.contexts = contexts;
        this.clock = clock;
    }

    public Jdbi of(Jdbi jdbi) {
        jdbi.setTransactionHandler(new Caused(LocalTransactionHandler.binding()));
        return jdbi;
    }

    private Optional<Cause> cause() {
        return Cause.current()
                .or(() -> contexts.stream()
                        .map(TransactionContext::cause)
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    private final class Caused extends DelegatingTransactionHandler {
        Caused(TransactionHandler plain) {
            super(plain);
        }

        @Override
        public void begin(Handle tx) {
            super.begin(tx);
            cause().ifPresent(cause -> cause.tell(tx, clock.instant()));
        }

        @Override
        public void commit(Handle tx) {
            contexts.forEach(context -> context.beforeCommit(tx));
            super.commit(tx);
        }

        @Override
        public TransactionHandler specialize(Handle handle) throws SQLException {
            return new Caused(getDelegate().specialize(handle));
        }
    }
}
