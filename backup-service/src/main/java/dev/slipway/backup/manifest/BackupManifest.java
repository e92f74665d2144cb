package dev.slipway.backup.manifest;

import static java.util.Objects.requireNonNull;

import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.proof.Judgement;
import dev.slipway.backup.retention.RetentionPolicy;
import dev.slipway.backup.schedule.Plan;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.watchdog.WatchdogPolicy;
import java.util.List;
import java.util.Optional;

/// What this service reads in a manifest: the section `databases`. References in it are unresolved.
public record BackupManifest(List<Database> databases) {
    public BackupManifest {
        databases = List.copyOf(databases);
    }

    /// The database of that name.
    public Optional<Database> database(String name) {
        return databases.stream()
                .filter(database -> database.name().equals(name))
                .findFirst();
    }

    /// A database that is backed up.
    ///
    /// @param name in this manifest: what gates, steps and people ask for
    /// @param environment whose data it holds, as the section `environments` names it
    /// @param database its name on its server
    /// @param password a reference, never the password itself
    /// @param keeping where and how its backups are kept
    /// @param schedules when they are taken by themselves
    /// @param watchdog when somebody is told that they are not
    /// @param retention which of them stay
    /// @param judgement what else has to be true of them
    public record Database(
            String name,
            ServerKind type,
            String environment,
            String host,
            String port,
            String database,
            String user,
            String password,
            Keeping keeping,
            List<Plan> schedules,
            WatchdogPolicy watchdog,
            RetentionPolicy retention,
            Judgement judgement) {
        public Database {
            requireNonNull(type, "type");
            requireNonNull(watchdog, "watchdog");
            requireNonNull(keeping, "keeping");
            requireNonNull(retention, "retention");
            requireNonNull(judgement, "judgement");
            schedules = List.copyOf(schedules);
        }

        public List<String> locations() {
            return keeping.locations();
        }

        /// Which database this is, with references where the manifest has them: a backup of one is not a backup of
        /// another, whatever the manifest calls them.
        public String source() {
            return "%s://%s:%s/%s".formatted(type.label(), host, port, database);
        }
    }

    /// Where and how the backups of a database are kept.
    ///
    /// @param locations that are to have each backup
    /// @param needed how many of them have to; the others get their copy later when they were away
    public record Keeping(List<String> locations, int needed, Storage.Method compression) {
        public Keeping {
            locations = List.copyOf(locations);
        }
    }
}
