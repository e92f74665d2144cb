package dev.slipway.audit;

import io.agroal.api.AgroalDataSource;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Clock;
import org.jdbi.v3.core.Jdbi;

/// What a service brings along: storage, clock, and something to change.
@Singleton
final class ThingBeans {
    @Produces
    @Singleton
    Jdbi jdbi(AgroalDataSource database, Transactions transactions) {
        return transactions.of(Jdbi.create(database));
    }

    @Produces
    @Singleton
    Clock clock() {
        return AuditBackends.STORAGE.clock();
    }

    @Path("/api/v1/things")
    @RunOnVirtualThread
    static final class ThingResource {
        private final Jdbi jdbi;

        ThingResource(Jdbi jdbi) {
            this.jdbi = jdbi;
        }

        @PUT
        @Path("{id}/colour/{colour}")
        @RolesAllowed("operator")
        public void paint(@PathParam("id") int id, @PathParam("colour") String colour) {
            jdbi.useTransaction(tx -> tx.execute(
                    "insert into thing values (?, 'shop', ?, 'hunter2', 0) on conflict (id) do update set colour = excluded.colour",
                    id,
                    colour));
        }
    }
}
