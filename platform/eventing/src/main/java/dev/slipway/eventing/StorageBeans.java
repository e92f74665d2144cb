package dev.slipway.eventing;

import dev.slipway.audit.Transactions;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;

/// The beans everything that stores something needs: the database, the clock, and how its loops work.
@Singleton
final class StorageBeans {
    @Produces
    @Singleton
    Jdbi jdbi(DataSource dataSource, Transactions transactions) {
        return transactions.of(Jdbi.create(dataSource));
    }

    @Produces
    @Singleton
    PumpSettings pumpSettings(
            @ConfigProperty(name = "slipway.pumps.enabled") boolean enabled,
            @ConfigProperty(name = "slipway.inbox.retry-deadline") Duration retryDeadline,
            @ConfigProperty(name = "slipway.inbox.workers") int workers,
            @ConfigProperty(name = "slipway.work.lease") Duration lease,
            @ConfigProperty(name = "slipway.work.concurrency") int concurrency,
            @ConfigProperty(name = "slipway.poll") Duration poll) {
        return new PumpSettings(enabled, retryDeadline, workers, lease, concurrency, poll);
    }

    /// The only clock of a service; tests put another in its place.
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }
}
