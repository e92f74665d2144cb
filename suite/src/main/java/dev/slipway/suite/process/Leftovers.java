package dev.slipway.suite.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What a launcher that was killed with signal 9 left running: found by the pid files and stopped, so that the next
/// start finds its ports and folders free.
public final class Leftovers {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private Leftovers() {}

    /// Stops every living process that has a pid file in the folder and deletes the files. Returns when they are gone.
    public static void stop(Path pids, Consumer<String> tell) throws IOException {
        Map<String, ProcessHandle> living = new LinkedHashMap<>();
        for (PidFile file : pidFiles(pids)) {
            file.living().ifPresent(process -> living.put(nameOf(file), process));
        }
        if (!living.isEmpty()) {
            tell.accept("stopping what an earlier start left behind: " + String.join(", ", living.keySet()));
            Signal.CONTINUE.send(List.copyOf(living.values()));
            living.values().forEach(ProcessHandle::destroy);
            Deadline deadline = Deadline.in(LIMIT);
            if (!deadline.await(() -> living.values().stream().noneMatch(Processes::lives))) {
                living.values().forEach(ProcessHandle::destroyForcibly);
                Deadline.in(LIMIT).await(() -> living.values().stream().noneMatch(Processes::lives));
            }
        }
        pidFiles(pids).forEach(PidFile::delete);
    }

    private static List<PidFile> pidFiles(Path pids) throws IOException {
        if (!Files.isDirectory(pids)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(pids)) {
            return files.filter(file -> file.toString().endsWith(".pid"))
                    .sorted()
                    .map(PidFile::new)
                    .toList();
        }
    }

    private static String nameOf(PidFile file) {
        return file.path().getFileName().toString().replace(".pid", "");
    }
}
