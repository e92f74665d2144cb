package dev.slipway.suite.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// A program of a few lines of shell: it is ready once it has made the file `ready` in its folder.
final class ShellProgram implements Program {
    private final Path folder;
    private final String script;
    private final AtomicInteger starts = new AtomicInteger();
    private volatile Process process;

    ShellProgram(Path folder, String script) {
        this.folder = folder;
        this.script = script;
    }

    /// Becomes ready and then runs until somebody ends it.
    static ShellProgram wellBehaved(Path folder) {
        return new ShellProgram(folder, "touch ready; exec sleep 300");
    }

    int starts() {
        return starts.get();
    }

    @Override
    public String name() {
        return "shell";
    }

    @Override
    public Path log() {
        return folder.resolve("shell.log");
    }

    @Override
    public ProcessHandle start() throws IOException {
        starts.incrementAndGet();
        Files.deleteIfExists(folder.resolve("ready"));
        process = new ProcessBuilder("sh", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        return process.toHandle();
    }

    @Override
    public boolean ready() {
        return Files.exists(folder.resolve("ready"));
    }

    @Override
    public String ending() {
        return "status " + process.onExit().join().exitValue();
    }
}
