package dev.slipway.backup.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.program.ClientProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ClientProgramsTest {
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(1));
    private static final Access ACCESS =
            new Access(ServerKind.POSTGRESQL, "db.internal", 5433, "shop=production", "keeper", "hunter2");

    @TempDir
    Path folder;

    @Test
    void shouldChooseTheOldestClientThatIsNewEnough() throws Exception {
        PgClients clients = new PgClients(List.of(client("17.2"), client("14.11"), client("15.18"), client("15.3")));

        PgClient chosen = clients.forServer(15);

        assertThat(chosen).isEqualTo(new PgClient(folder.resolve("15.18"), 15, "15.18"));
    }

    @Test
    void shouldNameThePackageWhenEveryClientIsTooOld() throws Exception {
        PgClients clients = new PgClients(List.of(client("15.18")));

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> clients.forServer(17));

        assertThat(fault.reason()).isEqualTo(FailureReason.CLIENT_MISSING);
        assertThat(fault).hasMessageContaining("found only 15.18").hasMessageContaining("postgresql-client-17");
    }

    @Test
    void shouldNameThePackageWhenThereIsNoClient() {
        PgClients clients = new PgClients(List.of(folder));

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> clients.forServer(15));

        assertThat(fault).hasMessageContaining("postgresql-client-15");
    }

    @Test
    void shouldGiveThePasswordByAFileOnlyThisUserReads() throws Exception {
        PgClient telling = program("telling", """
                for argument in "$@"; do echo "argument $argument"; done
                env
                stat -c 'mode %a' "$PGPASSFILE"
                sed 's/^/file /' "$PGPASSFILE"
                """);
        UUID backup = UUID.randomUUID();
        ByteArrayOutputStream told = new ByteArrayOutputStream();

        new PostgresPrograms(folder.resolve("passwords")).dump(dump(telling), ACCESS, backup, LIMITS, told);

        List<String> lines = told.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines)
                .contains(
                        "mode 600", "file *:*:*:*:hunter2", "PGAPPNAME=backup-" + backup, "PGDATABASE=shop=production")
                .contains("argument --snapshot=00-1", "argument --lock-wait-timeout=5000", "PGCONNECT_TIMEOUT=5");
        assertThat(lines).filteredOn(line -> line.contains("hunter2")).containsExactly("file *:*:*:*:hunter2");
        assertThat(lines).noneMatch(line -> line.startsWith("HOME=") || line.startsWith("JAVA_HOME="));
        assertThat(folder.resolve("passwords")).isEmptyDirectory();
    }

    @Test
    void shouldKillAProgramThatDoesNotEndItself() throws Exception {
        PgClient deaf = program("deaf", "trap '' TERM\nwhile :; do :; done\n");

        ClientProcess.Ending ending = ClientProcess.run(new ClientProcess.Call(
                List.of(deaf.dump().toString()),
                Map.of(),
                Duration.ofMillis(300),
                Duration.ofMillis(300),
                null,
                OutputStream.nullOutputStream()));

        assertThat(ending.late()).isTrue();
        assertThat(ending.ok()).isFalse();
        assertThat(ending.exitCode()).isEqualTo(137);
    }

    @Test
    void shouldEndAProgramWhoseOutputCannotBeStored() throws Exception {
        PgClient endless = program("endless", "while :; do echo more; done\n");
        OutputStream full = new OutputStream() {
            @Override
            public void write(int single) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> new PostgresPrograms(folder.resolve("passwords"))
                        .dump(dump(endless), ACCESS, UUID.randomUUID(), LIMITS, full));

        assertThat(fault.reason()).isEqualTo(FailureReason.STORAGE_FAILED);
        assertThat(fault).hasMessageContaining("No space left on device");
        assertThat(ProcessHandle.current().children())
                .noneMatch(child -> child.info()
                        .commandLine()
                        .orElse("")
                        .contains(endless.folder().toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ERROR:  out of shared memory | HINT:  You might need to increase max_locks_per_transaction. | DUMP_FAILED",
                "FATAL:  database \"shop\" does not exist | (nothing more) | UNKNOWN_DATABASE",
                "ERROR:  permission denied for large object 7 | (nothing more) | ACCESS_DENIED"
            })
    void shouldTellWhatTheServerSaidAndAdvised(String said, String advised, FailureReason reason) throws Exception {
        PgClient failing = program("failing", """
                cat >&2 <<'END'
                pg_dump: error: query failed: %s
                %s
                pg_dump: detail: Query was: LOCK TABLE many IN ACCESS SHARE MODE
                END
                exit 1
                """.formatted(said, advised));

        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> new PostgresPrograms(folder.resolve("passwords"))
                        .dump(dump(failing), ACCESS, UUID.randomUUID(), LIMITS, OutputStream.nullOutputStream()));

        assertThat(fault.reason()).isEqualTo(reason);
        assertThat(fault).hasMessageContaining(said);
        if (advised.startsWith("HINT")) {
            assertThat(fault).hasMessageContaining(advised);
        }
    }

    @Test
    void shouldForgiveANewerRestoreOnlyTheSettingAnOlderServerLacks() {
        String lacking = """
                pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"
                Command was: SET transaction_timeout = 0;
                pg_restore: warning: errors ignored on restore: 1
                """;
        String more = lacking + "pg_restore: error: COPY failed for table \"orders\"\n";

        assertThat(Endings.setsWhatServerLacks(17, 15)).isTrue();
        assertThat(Endings.setsWhatServerLacks(15, 15)).isFalse();
        assertThat(Endings.onlyThatSettingFailed(new ClientProcess.Ending(1, false, lacking, false)))
                .isTrue();
        assertThat(Endings.onlyThatSettingFailed(new ClientProcess.Ending(1, false, more, false)))
                .isFalse();
        assertThat(Endings.onlyThatSettingFailed(new ClientProcess.Ending(1, false, lacking, true)))
                .isFalse();
        assertThat(Endings.onlyThatSettingFailed(new ClientProcess.Ending(137, false, lacking, false)))
                .isFalse();
        assertThat(Endings.onlyThatSettingFailed(new ClientProcess.Ending(1, false, "", false)))
                .isFalse();
    }

    private static PostgresPrograms.Dump dump(PgClient client) {
        return new PostgresPrograms.Dump(client, "00-1", false);
    }

    private Path client(String version) throws IOException {
        return program(version, "echo \"pg_dump (PostgreSQL) %s (Debian)\"\n".formatted(version))
                .folder();
    }

    private PgClient program(String name, String script) throws IOException {
        Path of = Files.createDirectories(folder.resolve(name));
        for (String program : List.of("pg_dump", "pg_restore")) {
            Path file = Files.writeString(of.resolve(program), "#!/bin/sh\n" + script);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }
        return new PgClient(of, 15, "15.18");
    }
}
