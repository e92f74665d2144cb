package dev.slipway.backup.postgres;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Runs `pg_dump` and `pg_restore` and says what their endings mean.
public final class PostgresPrograms {
    private final Path passwordFolder;

    /// @param passwordFolder where the password of a running program lies, readable for this user only
    public PostgresPrograms(Path passwordFolder) {
        this.passwordFolder = passwordFolder;
    }

    /// Dumps what `snapshot` shows, in PostgreSQL's custom format, into `sink`.
    public void dump(
            PgClient client, PostgresAccess access, UUID backup, String snapshot, Limits limits, OutputStream sink)
            throws BackupFault, InterruptedException {
        List<String> command = List.of(
                client.dump().toString(),
                "--format=custom",
                "--no-password",
                "--lock-wait-timeout=" + limits.lockWait().toMillis(),
                "--snapshot=" + snapshot);
        String what = "dumping " + access;
        ClientProcess.Ending ending = run(command, access, backup, limits, sink, what);
        if (!ending.ok()) {
            throw Endings.fault(ending, what, FailureReason.DUMP_FAILED, limits);
        }
    }

    /// Reads a whole archive and throws away what it says. Its table of contents alone proves nothing: that can be
    /// listed of an archive cut in half.
    ///
    /// @throws BackupFault `archive-damaged`
    public void readToItsEnd(PgClient client, Path archive, Limits limits) throws BackupFault, InterruptedException {
        List<String> command = List.of(client.restore().toString(), "--file=/dev/null", archive.toString());
        String what = "reading the archive to its end";
        try {
            ClientProcess.Ending ending =
                    ClientProcess.run(command, plain(), limits.total(), OutputStream.nullOutputStream());
            if (!ending.ok()) {
                throw Endings.fault(ending, what, FailureReason.ARCHIVE_DAMAGED, limits);
            }
        } catch (IOException e) {
            throw new BackupFault(FailureReason.CLIENT_MISSING, what + ": " + e.getMessage(), e);
        }
    }

    /// Restores an archive into an empty database. Owners, grants, tablespaces, comments and subscriptions stay
    /// out: the data is what is proved, and a scratch database must not begin to replicate.
    ///
    /// @throws BackupFault `restore-failed`
    public void restore(PgClient client, Path archive, ScratchDatabase scratch, UUID backup, Limits limits)
            throws BackupFault, InterruptedException {
        PostgresAccess into = scratch.access();
        boolean foreignSetting = Endings.setsWhatServerLacks(client.major(), scratch.serverMajor());
        List<String> command = new ArrayList<>(List.of(
                client.restore().toString(),
                "--no-password",
                "--no-owner",
                "--no-privileges",
                "--no-tablespaces",
                "--no-comments",
                "--no-publications",
                "--no-subscriptions",
                "--jobs=2",
                "--dbname=" + into.database(),
                archive.toString()));
        if (!foreignSetting) {
            command.add(1, "--exit-on-error");
        }
        String what = "restoring into " + into;
        ClientProcess.Ending ending = run(command, into, backup, limits, OutputStream.nullOutputStream(), what);
        if (!ending.ok() && !(foreignSetting && Endings.onlyThatSettingFailed(ending))) {
            throw Endings.fault(ending, what, FailureReason.RESTORE_FAILED, limits);
        }
    }

    /// Removes what the programs of a killed worker left.
    public void removeLeftovers(UUID backup) throws BackupFault {
        try {
            PasswordFile.removeLeftovers(passwordFolder, backup);
        } catch (IOException e) {
            throw new BackupFault(FailureReason.STORAGE_FAILED, "removing old password files: " + e.getMessage(), e);
        }
    }

    private ClientProcess.Ending run(
            List<String> command, PostgresAccess access, UUID backup, Limits limits, OutputStream sink, String what)
            throws BackupFault, InterruptedException {
        try (PasswordFile password = PasswordFile.write(passwordFolder, backup, access)) {
            Map<String, String> environment = plain();
            environment.put("PGHOST", access.host());
            environment.put("PGPORT", Integer.toString(access.port()));
            environment.put("PGUSER", access.user());
            environment.put("PGDATABASE", access.database());
            environment.put("PGPASSFILE", password.path().toString());
            environment.put("PGAPPNAME", PostgresSession.applicationName(backup));
            environment.put(
                    "PGCONNECT_TIMEOUT",
                    Long.toString(Math.max(2, limits.connect().toSeconds())));
            return ClientProcess.run(command, environment, limits.total(), sink);
        } catch (ClientProcess.SinkFailed e) {
            throw new BackupFault(FailureReason.STORAGE_FAILED, what + ": writing failed: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BackupFault(FailureReason.DUMP_FAILED, what + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> plain() {
        Map<String, String> environment = new HashMap<>();
        environment.put("LC_ALL", "C");
        environment.put("PATH", "/usr/bin:/bin");
        return environment;
    }
}
