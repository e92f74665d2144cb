package dev.slipway.eventing;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;

/// The service's database by the role that owns it: the one that migrates, too. Where migrations have no role of their
/// own, it is the service's.
@Singleton
final class OwnerDatabase {
    private final Jdbi jdbi;

    @Inject
    OwnerDatabase(
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url,
            @ConfigProperty(name = "quarkus.datasource.username") Optional<String> appUser,
            @ConfigProperty(name = "quarkus.datasource.password") Optional<String> appPassword,
            @ConfigProperty(name = "quarkus.flyway.username") Optional<String> ownerUser,
            @ConfigProperty(name = "quarkus.flyway.password") Optional<String> ownerPassword) {
        this.jdbi = ownerUser.isPresent()
                ? Jdbi.create(url, ownerUser.get(), ownerPassword.orElse(""))
                : Jdbi.create(url, appUser.orElse(""), appPassword.orElse(""));
    }

    OwnerDatabase(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Connects anew for each session; they are few and short.
    Jdbi jdbi() {
        return jdbi;
    }
}
