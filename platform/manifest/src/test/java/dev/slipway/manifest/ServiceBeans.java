package dev.slipway.manifest;

import dev.slipway.manifest.ShopReader.Shop;
import dev.slipway.testkit.TestClock;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// What a service brings along: storage, clock, and somebody who listens.
@Singleton
final class ServiceBeans {
    @Produces
    @Singleton
    Jdbi jdbi(AgroalDataSource database) {
        return Jdbi.create(database);
    }

    @Produces
    @Singleton
    Clock clock() {
        return TestClock.at("2026-03-01T10:00:00Z");
    }

    @Singleton
    static final class Listener implements ManifestListener<Shop> {
        static final List<String> HEARD = new CopyOnWriteArrayList<>();

        @Override
        public void accepted(Handle tx, StoredManifest<Shop> manifest) {
            HEARD.add(manifest.application());
        }
    }
}
