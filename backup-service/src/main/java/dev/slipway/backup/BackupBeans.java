package dev.slipway.backup;

import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.capture.TidyUp;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.postgres.Limits;
import dev.slipway.backup.postgres.PgClients;
import dev.slipway.backup.postgres.PostgresPrograms;
import dev.slipway.backup.proof.ProveBackup;
import dev.slipway.backup.proof.Readback;
import dev.slipway.backup.proof.RestoreDrill;
import dev.slipway.backup.storage.Storages;
import dev.slipway.backup.stream.Pace;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;

/// Puts the plain classes of this service together with its settings.
@Singleton
final class BackupBeans {
    private final BackupSettings settings;

    BackupBeans(BackupSettings settings) {
        this.settings = settings;
    }

    @Produces
    @Singleton
    Storages storages(Databases databases) {
        DiskLocation disk = new DiskLocation(DiskLocation.DISK, settings.dir());
        Pace pace = new Pace(settings.stall(), settings.patience(), settings.finish());
        return new Storages(databases, Map.of(disk.name(), disk), pace);
    }

    @Produces
    @Singleton
    Limits limits() {
        return new Limits(settings.connectTimeout(), settings.lockWait(), settings.timeLimit());
    }

    @Produces
    @Singleton
    PgClients clients(@ConfigProperty(name = "PATH") Optional<String> path) {
        return PgClients.ofThisMachine(settings.clients().orElse(List.of()), path.orElse(""));
    }

    @Produces
    @Singleton
    PostgresPrograms programs() {
        return new PostgresPrograms(settings.dir().toAbsolutePath().resolve(".passwords"));
    }

    @Produces
    @Singleton
    CaptureBackup capture(PgClients clients, PostgresPrograms programs, Clock clock) {
        return new CaptureBackup(clients, programs, clock);
    }

    @Produces
    @Singleton
    ProveBackup proofs(PgClients clients, PostgresPrograms programs, Clock clock) {
        return new ProveBackup(new Readback(clients, programs, clock), new RestoreDrill(clients, programs, clock));
    }

    @Produces
    @Singleton
    TidyUp tidyUp(Jdbi jdbi, Backups backups, PostgresPrograms programs) {
        return new TidyUp(jdbi, backups, programs);
    }
}
