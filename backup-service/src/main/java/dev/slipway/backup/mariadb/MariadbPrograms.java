package dev.slipway.backup.mariadb;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.program.ClientProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Runs the dump programs of MariaDB and MySQL and those that read what they write.
public final class MariadbPrograms {
    private static final Map<String, String> PLAIN = Map.of("LC_ALL", "C.UTF-8", "PATH", "/usr/bin:/bin");

    private final Path optionFolder;

    /// @param optionFolder where the password of a running program lies, readable for this user only
    public MariadbPrograms(Path optionFolder) {
        this.optionFolder = optionFolder;
    }

    /// Dumps one database into `sink`. That it ended well proves little: what it may not see it leaves out.
    void dump(DumpClient client, Job job, OutputStream sink) throws BackupFault, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "--single-transaction",
                "--quick",
                "--skip-lock-tables",
                "--routines",
                "--events",
                "--triggers",
                "--hex-blob",
                "--no-tablespaces",
                "--comments",
                "--max-allowed-packet=1G",
                "--default-character-set=utf8mb4"));
        if (!client.mariadb()) {
            arguments.add("--set-gtid-purged=OFF");
            arguments.add("--column-statistics=0");
        }
        run(call -> call.into(sink), client, client.dump(), arguments, job, job.source(), Task.DUMP);
    }

    /// Lets a client program do what a dump says, in a database of its own.
    ///
    /// @throws IOException when the dump could not be read
    void restore(DumpClient client, InputStream dump, Job job, Access into)
            throws BackupFault, IOException, InterruptedException {
        // Binary mode: the program does nothing by itself that stands in the dump, such as calling a shell.
        List<String> arguments =
                List.of("--batch", "--binary-mode", "--max-allowed-packet=1G", "--default-character-set=utf8mb4");
        try {
            run(call -> call.reading(dump), client, client.restore(), arguments, job, into, Task.RESTORE);
        } catch (BackupFault e) {
            if (e.getCause() instanceof ClientProcess.SourceFailed failed) {
                throw failed.why();
            }
            throw e;
        }
    }

    void removeLeftovers(UUID backup) throws BackupFault {
        try {
            OptionFile.removeLeftovers(optionFolder, backup);
        } catch (IOException e) {
            throw new BackupFault(FailureReason.STORAGE_FAILED, "removing old option files: " + e.getMessage(), e);
        }
    }

    private enum Task {
        DUMP("dumping ", FailureReason.DUMP_FAILED),
        RESTORE("restoring into ", FailureReason.RESTORE_FAILED);

        private final String verb;
        private final FailureReason otherwise;

        Task(String verb, FailureReason otherwise) {
            this.verb = verb;
            this.otherwise = otherwise;
        }
    }

    private void run(
            UnaryOperator<ClientProcess.Call> streams,
            DumpClient client,
            Path program,
            List<String> arguments,
            Job job,
            Access access,
            Task task)
            throws BackupFault, InterruptedException {
        String what = task.verb + access;
        try (OptionFile options = OptionFile.write(optionFolder, job.backup(), access)) {
            List<String> command = new ArrayList<>();
            command.add(program.toString());
            command.add(options.argument());
            command.addAll(arguments);
            if (access.kind() == ServerKind.MYSQL && !client.mariadb()) {
                command.add("--ssl-mode=REQUIRED");
            }
            // Whatever follows is a name, also when it begins with a dash.
            command.add("--");
            command.add(access.database());
            ClientProcess.Ending ending = ClientProcess.run(streams.apply(
                    ClientProcess.Call.of(command, PLAIN, job.limits().total())));
            if (!ending.ok()) {
                throw Faults.of(ending, what, task.otherwise, job.limits());
            }
        } catch (ClientProcess.SinkFailed e) {
            throw e.getCause() instanceof LocationFault fault
                    ? fault.asBackupFault()
                    : new BackupFault(FailureReason.STORAGE_FAILED, what + ": writing failed: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BackupFault(task.otherwise, what + ": " + e.getMessage(), e);
        }
    }
}
