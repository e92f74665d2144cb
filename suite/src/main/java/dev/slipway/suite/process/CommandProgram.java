package dev.slipway.suite.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A program that is a command line. Its environment is exactly the one given: what the launcher itself knows (and it
/// may hold secrets) is not inherited.
public final class CommandProgram implements Program {
    /// Out of the terminal's process group: Ctrl-C reaches the launcher alone, which then stops everything in order.
    private static final Optional<Path> SETSID = onPath("setsid");

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path directory;
    private final Path log;
    private final int port;
    private final BooleanSupplier probe;
    private volatile Process process;

    /// @param port the port it will listen on, checked to be free before each start
    /// @param probe whether it answers; asked only while the process lives and the port is open
    public CommandProgram(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path directory,
            Path log,
            int port,
            BooleanSupplier probe) {
        this.name = name;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.directory = directory;
        this.log = log;
        this.port = port;
        this.probe = probe;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Path log() {
        return log;
    }

    @Override
    public ProcessHandle start() throws IOException {
        TcpPort.requireFree(port);
        Files.createDirectories(directory);
        List<String> line = new ArrayList<>();
        SETSID.ifPresent(setsid -> line.add(setsid.toString()));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        process = builder.start();
        return process.toHandle();
    }

    @Override
    public boolean ready() {
        return TcpPort.answers(port) && probe.getAsBoolean();
    }

    @Override
    public String ending() {
        Process last = process;
        if (last == null) {
            return "it did not start";
        }
        int status = last.onExit().join().exitValue();
        // A shell's way to say it, which Java follows: 128 and the number of the signal.
        return status > 128 ? "killed by signal " + (status - 128) : "it exited with status " + status;
    }

    private static Optional<Path> onPath(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path candidate = Path.of(folder, program);
            if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
