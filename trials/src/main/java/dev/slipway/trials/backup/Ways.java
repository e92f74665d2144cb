package dev.slipway.trials.backup;

import dev.slipway.suite.SuiteFailure;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What people take backups with otherwise, on the same server.
final class Ways {
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final SourceServer source;
    private final Path folder;
    private final Path dump;
    private final Path zstd;
    private final @Nullable Path pgbackrest;

    /// @param pgbackrest null when it is not installed
    Ways(SourceServer source, Path folder, Path dump, Path zstd, @Nullable Path pgbackrest) throws IOException {
        this.source = source;
        this.folder = Files.createDirectories(folder);
        this.dump = dump;
        this.zstd = zstd;
        this.pgbackrest = pgbackrest;
        if (pgbackrest != null) {
            run(pgbackrest("stanza-create"));
        }
    }

    /// @param storedBytes of what it wrote
    record Taken(Duration took, long storedBytes) {}

    /// `pg_dump -Fc -f FILE`, with its own gzip.
    Taken dump() throws IOException {
        Path file = folder.resolve("plain.dump");
        Duration took = run(List.of(dump.toString(), "-Fc", "-f", file.toString()));
        return taken(took, file);
    }

    /// `pg_dump -Fc -Z0 | zstd -3`.
    Taken pipe() throws IOException {
        Path file = folder.resolve("piped.dump.zst");
        List<ProcessBuilder> pipe = List.of(
                builder(List.of(dump.toString(), "-Fc", "-Z0")),
                builder(List.of(zstd.toString(), "-3", "-q", "-c")).redirectOutput(file.toFile()));
        long begun = System.nanoTime();
        for (Process process : ProcessBuilder.startPipeline(pipe)) {
            await(process, "pg_dump -Z0 | zstd -3");
        }
        return taken(Duration.ofNanos(System.nanoTime() - begun), file);
    }

    /// A full backup of the whole cluster, with zstd and two processes.
    @Nullable
    Taken pgbackrest() throws IOException {
        if (pgbackrest == null) {
            return null;
        }
        Duration took = run(pgbackrest("backup"));
        Path repository = folder.resolve("pgbackrest/backup");
        long bytes = size(repository);
        return new Taken(took, bytes);
    }

    private List<String> pgbackrest(String command) {
        List<String> call = new ArrayList<>(List.of(
                String.valueOf(pgbackrest),
                command,
                "--stanza=bench",
                "--repo1-path=" + folder.resolve("pgbackrest"),
                "--lock-path=" + folder.resolve("pgbackrest-lock"),
                "--log-level-file=off",
                "--log-level-console=warn",
                "--pg1-path=" + source.data(),
                "--pg1-port=" + source.port(),
                "--pg1-socket-path=" + source.sockets(),
                "--pg1-user=" + SourceServer.USER));
        if (command.equals("backup")) {
            call.addAll(List.of(
                    "--type=full",
                    "--no-archive-check",
                    "--start-fast",
                    "--repo1-retention-full=1",
                    "--compress-type=zst",
                    "--compress-level=3",
                    "--process-max=2"));
        }
        return call;
    }

    private Duration run(List<String> command) throws IOException {
        long begun = System.nanoTime();
        await(builder(command).start(), String.join(" ", command));
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("errors.log").toFile()));
        if (!command.getFirst().endsWith("pg_dump") && !command.contains("-c")) {
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                    folder.resolve("errors.log").toFile()));
        }
        builder.directory(new File("/"));
        builder.environment().clear();
        builder.environment().putAll(source.environment());
        return builder;
    }

    private void await(Process process, String what) throws IOException {
        try {
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new SuiteFailure(what + ": not done within " + LIMIT);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new SuiteFailure(
                    "%s: exit code %d, see %s".formatted(what, process.exitValue(), folder.resolve("errors.log")));
        }
    }

    private static Taken taken(Duration took, Path file) throws IOException {
        long bytes = Files.size(file);
        Files.delete(file);
        return new Taken(took, bytes);
    }

    static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
