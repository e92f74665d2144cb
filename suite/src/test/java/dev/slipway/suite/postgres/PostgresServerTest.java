package dev.slipway.suite.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.suite.process.Deadline;
import dev.slipway.suite.process.Processes;
import dev.slipway.suite.process.TcpPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private ProcessHandle process;

    @AfterEach
    void stopServer() throws IOException {
        PostgresServer.stopLeftover(data());
    }

    @Test
    void shouldStopWhatAnEarlierLauncherLeftAlthoughAClientIsConnected() throws Exception {
        PostgresServer server = started();
        try (Connection client = server.admin().connect("postgres");
                Statement statement = client.createStatement()) {
            statement.execute("create table kept as select 1");

            PostgresServer.stopLeftover(data());
        }

        assertThat(Processes.lives(process)).isFalse();
        assertThat(server(TcpPort.free()).start().isAlive()).isTrue();
    }

    @Test
    void shouldLeaveAnotherProcessAloneThatGotThePid() throws Exception {
        PostgresServer server = started();
        server.stop(process);
        Process stranger = new ProcessBuilder("sleep", "300").start();
        Files.writeString(data().resolve("postmaster.pid"), stranger.pid() + "\n" + data() + "\n");

        try {
            process = server(TcpPort.free()).start();

            assertThat(stranger.isAlive()).isTrue();
            assertThat(Processes.lives(process)).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void shouldStartAgainInTheSameJvmAfterItsServerWasKilled() throws Exception {
        PostgresServer server = started();
        process.destroyForcibly();
        Processes.awaitEnd(process);

        boolean again = Deadline.in(SOON).await(() -> startsAgain(server));

        assertThat(again).isTrue();
        assertThat(server.ready()).isTrue();
    }

    private boolean startsAgain(PostgresServer server) {
        try {
            process = server.start();
            return true;
        } catch (IOException _) {
            // Processes of the killed server may be at the data for a moment.
            return false;
        }
    }

    private PostgresServer started() throws IOException {
        PostgresServer server = server(TcpPort.free());
        process = server.start();
        return server;
    }

    private PostgresServer server(int port) {
        return new PostgresServer(data(), TestBinaries.folder(), folder.resolve("postgres.log"), port, "super");
    }

    private Path data() {
        return folder.resolve("data");
    }
}
