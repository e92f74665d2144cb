package dev.slipway.eventing;

import dev.slipway.audit.Transactions;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/// The beans everything that stores something needs: the database and the clock.
@Singleton
final class StorageBeans {
    @Produces
    @Singleton
    Jdbi jdbi(DataSource dataSource, Transactions transactions) {
        return transactions.of(Jdbi.create(dataSource));
    }

    /// The only clock of a service; tests put another in its place.
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }
}
