package dev.slipway.trials.intake;

import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.process.Deadline;
import dev.slipway.suite.process.TcpPort;
import dev.slipway.trials.ProcessMemory;
import dev.slipway.trials.Programs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Debian's `webhook`: checks the signature and runs a command for each delivery. It answers before it
/// runs the command, which is its default.
final class DebianWebhook implements Contender, AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(10);
    private static final Duration COMMANDS_END_WITHIN = Duration.ofSeconds(20);

    private final Path program;
    private final Path folder;
    private final int port = TcpPort.free();
    private final Path executed;
    private @Nullable Process process;

    private DebianWebhook(Path program, Path folder, Path command) throws IOException {
        this.program = program;
        this.folder = folder;
        this.executed = folder.resolve("executed");
        Files.writeString(folder.resolve("hooks.json"), """
                [{"id": "bench",
                  "execute-command": "%s",
                  "pass-arguments-to-command": [{"source": "header", "name": "X-GitHub-Delivery"}],
                  "trigger-rule": {"match": {"type": "payload-hmac-sha256", "secret": "%s",
                    "parameter": {"source": "header", "name": "X-Hub-Signature-256"}}}}]
                """.formatted(command, SignedRun.SECRET));
    }

    /// With a command that does nothing, which is the least it can cost.
    static DebianWebhook doingNothing(Path program, Path folder) throws IOException {
        return new DebianWebhook(program, Files.createDirectories(folder), Programs.require("true"));
    }

    /// With a script that writes the delivery's id into a file, the least that leaves a trace.
    static DebianWebhook recording(Path program, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path script = Files.writeString(folder.resolve("record.sh"), """
                #!/bin/sh
                echo "$1" >> %s
                """.formatted(folder.resolve("executed")));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return new DebianWebhook(program, folder, script);
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/hooks/bench");
    }

    /// Begins anew: commands that were still to be run would slow down whoever comes next.
    @Override
    public void prepare() throws IOException {
        close();
        Files.deleteIfExists(executed);
        process = new ProcessBuilder(
                        program.toString(),
                        "-hooks",
                        folder.resolve("hooks.json").toString(),
                        "-ip",
                        "127.0.0.1",
                        "-port",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("webhook.log").toFile())
                .start();
        if (!Deadline.in(STARTS_WITHIN).await(() -> TcpPort.answers(port))) {
            throw new SuiteFailure("webhook does not start, see " + folder.resolve("webhook.log"));
        }
    }

    @Override
    public long peakMemory() {
        return process == null ? 0 : new ProcessMemory(process.pid()).peak();
    }

    @Override
    public void kill() {
        close();
    }

    @Override
    public Set<String> kept() throws IOException {
        // Commands that had been started live on without the one who started them.
        long[] size = {-1};
        Deadline.in(COMMANDS_END_WITHIN)
                .await(() -> size[0] == (size[0] = executed.toFile().length()));
        return Files.exists(executed) ? new HashSet<>(Files.readAllLines(executed)) : Set.of();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
            process = null;
        }
    }
}
