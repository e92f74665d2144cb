package dev.slipway.backup.postgres;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.program.ClientProcess;
import dev.slipway.backup.program.PrivateFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Runs `pg_dump` and `pg_restore` and says what their endings mean.
public final class PostgresPrograms {
    private final Path passwordFolder;

    /// @param passwordFolder where the password of a running program lies, readable for this user only
    public PostgresPrograms(Path passwordFolder) {
        this.passwordFolder = passwordFolder;
    }

    /// Dumps what `snapshot` shows, in PostgreSQL's custom format, into `sink`.
    ///
    /// @param compressed whether `pg_dump` compresses the rows itself, by gzip; else somebody else does
    public void dump(Dump dump, Access access, UUID backup, Limits limits, OutputStream sink)
            throws BackupFault, InterruptedException {
        List<String> command = List.of(
                dump.client().dump().toString(),
                "--format=custom",
                "--compress=" + (dump.compressed() ? 6 : 0),
                "--no-password",
                "--lock-wait-timeout=" + limits.lockWait().toMillis(),
                "--snapshot=" + dump.snapshot());
        String what = "dumping " + access;
        ClientProcess.Ending ending =
                run(call -> call.into(sink), command, access, backup, limits, what, FailureReason.DUMP_FAILED);
        if (!ending.ok()) {
            throw Endings.fault(ending, what, FailureReason.DUMP_FAILED, limits);
        }
    }

    /// How to dump. @param snapshot what [PostgresSession#snapshot] named; @param compressed by `pg_dump` itself
    public record Dump(PgClient client, String snapshot, boolean compressed) {}

    /// The roles and tablespaces of the server, without passwords, as SQL.
    ///
    /// @throws BackupFault when this role may not see them
    public byte[] roles(PgClient client, Access access, UUID backup, Limits limits)
            throws BackupFault, InterruptedException {
        List<String> command =
                List.of(client.dumpAll().toString(), "--globals-only", "--no-role-passwords", "--no-password");
        String what = "reading the roles of " + access;
        ByteArrayOutputStream roles = new ByteArrayOutputStream();
        ClientProcess.Ending ending =
                run(call -> call.into(roles), command, access, backup, limits, what, FailureReason.DUMP_FAILED);
        if (!ending.ok()) {
            throw Endings.fault(ending, what, FailureReason.DUMP_FAILED, limits);
        }
        return roles.toByteArray();
    }

    /// Reads a whole archive and throws away what it says. Its table of contents alone proves nothing: that can be
    /// listed of an archive cut in half.
    ///
    /// @throws BackupFault `archive-damaged`
    /// @throws IOException when the archive could not be read
    public void readToItsEnd(PgClient client, InputStream archive, Limits limits)
            throws BackupFault, IOException, InterruptedException {
        List<String> command = List.of(client.restore().toString(), "--file=/dev/null");
        String what = "reading the archive to its end";
        try {
            ClientProcess.Ending ending = ClientProcess.run(
                    ClientProcess.Call.of(command, plain(), limits.total()).reading(archive));
            if (!ending.ok()) {
                throw Endings.fault(ending, what, FailureReason.ARCHIVE_DAMAGED, limits);
            }
        } catch (ClientProcess.SourceFailed e) {
            throw e.why();
        } catch (IOException e) {
            throw new BackupFault(FailureReason.CLIENT_MISSING, what + ": " + e.getMessage(), e);
        }
    }

    /// Restores an archive into an empty database. Owners, grants, tablespaces, comments and subscriptions stay
    /// out: the data is what is proved, and a scratch database must not begin to replicate.
    ///
    /// @throws BackupFault `restore-failed`
    /// @throws IOException when the archive could not be read
    public void restore(PgClient client, InputStream archive, ScratchDatabase scratch, UUID backup, Limits limits)
            throws BackupFault, IOException, InterruptedException {
        Access into = scratch.access();
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
                "--dbname=" + into.database()));
        if (!foreignSetting) {
            command.add(1, "--exit-on-error");
        }
        String what = "restoring into " + into;
        ClientProcess.Ending ending;
        try {
            ending = run(
                    call -> call.reading(archive), command, into, backup, limits, what, FailureReason.RESTORE_FAILED);
        } catch (BackupFault e) {
            if (e.getCause() instanceof ClientProcess.SourceFailed failed) {
                throw failed.why();
            }
            throw e;
        }
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
            UnaryOperator<ClientProcess.Call> streams,
            List<String> command,
            Access access,
            UUID backup,
            Limits limits,
            String what,
            FailureReason otherwise)
            throws BackupFault, InterruptedException {
        try (PrivateFile password = PasswordFile.write(passwordFolder, backup, access)) {
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
            return ClientProcess.run(streams.apply(ClientProcess.Call.of(command, environment, limits.total())));
        } catch (ClientProcess.SinkFailed e) {
            throw e.getCause() instanceof LocationFault fault
                    ? fault.asBackupFault()
                    : new BackupFault(FailureReason.STORAGE_FAILED, what + ": writing failed: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BackupFault(otherwise, what + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> plain() {
        Map<String, String> environment = new HashMap<>();
        environment.put("LC_ALL", "C");
        environment.put("PATH", "/usr/bin:/bin");
        return environment;
    }
}
