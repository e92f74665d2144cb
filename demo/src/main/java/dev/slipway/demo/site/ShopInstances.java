package dev.slipway.demo.site;

import dev.slipway.suite.process.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The instances of the shop that run from one home folder, whoever started them.
public final class ShopInstances {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(5);

    private final Path run;

    public ShopInstances(Path home) {
        this.run = home.toAbsolutePath().normalize().resolve("run");
    }

    /// Stops every instance that left its process id here, also what an earlier, killed demo left.
    public void stopAll() throws IOException {
        List<ProcessHandle> running = running();
        running.forEach(ProcessHandle::destroy);
        var deadline = Deadline.in(STOPS_WITHIN);
        if (!deadline.await(() -> running.stream().noneMatch(ProcessHandle::isAlive))) {
            running.forEach(ProcessHandle::destroyForcibly);
        }
    }

    List<ProcessHandle> running() throws IOException {
        if (!Files.isDirectory(run)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(run)) {
            return files.filter(file -> file.toString().endsWith(".pid"))
                    .flatMap(file -> shop(file).stream())
                    .toList();
        }
    }

    /// A process id alone may be somebody else's by now: it has to be a shop, started with the arguments of this home.
    private Optional<ProcessHandle> shop(Path pidFile) {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                    .filter(process -> process.info()
                            .commandLine()
                            .orElse("")
                            .contains(run.getParent().resolve("shop.args").toString()));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }
}
