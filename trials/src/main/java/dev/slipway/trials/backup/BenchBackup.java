package dev.slipway.trials.backup;

import dev.slipway.suite.SuiteFailure;
import dev.slipway.trials.Programs;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What backups cost beside what people take them with otherwise.
@Command(
        name = "backup",
        description = {
            "One generated database on a PostgreSQL of its own, backed up in turns by backup-service (two locations, hashes,",
            "sealed; by zstd and by gzip), pg_dump -Fc, pg_dump -Z0 | zstd -3 and, where it is installed, pgBackRest."
        },
        mixinStandardHelpOptions = true)
public final class BenchBackup implements Callable<Integer> {
    private static final double MOST_MEMORY = 64;
    private static final double SLOWEST_LIST = 20;
    private static final int LISTS_WARM = 300;
    private static final int LISTS = 1_000;

    @Option(names = "--size", paramLabel = "SIZE", description = "Of the database, such as 300m or 5g (1g).")
    private String size = "1g";

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of everything (5).")
    private int rounds = 5;

    @Option(names = "--stored", paramLabel = "N", description = "Backups that are listed (10000).")
    private int stored = 10_000;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        long bytes = bytes();
        try {
            measure(bytes, System.out);
            return 0;
        } catch (SuiteFailure e) {
            System.err.println("slipway: " + e.getMessage());
            return 1;
        }
    }

    private long bytes() {
        String number = size.toLowerCase(Locale.ROOT).replaceFirst("[mg]b?$", "");
        try {
            long mebi = Long.parseLong(number) * (size.toLowerCase(Locale.ROOT).contains("g") ? 1024 : 1);
            if (mebi >= 20 && mebi <= 100 * 1024 && !number.equals(size)) {
                return mebi * 1024 * 1024;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new ParameterException(spec.commandLine(), "--size: from 20m to 100g, not '%s'".formatted(size));
    }

    private void measure(long bytes, PrintStream out) throws Exception {
        Path dump = Programs.require("pg_dump", "postgresql-client");
        Path zstd = Programs.require("zstd", "zstd");
        Optional<Path> pgbackrest = Programs.find("pgbackrest");
        if (pgbackrest.isEmpty()) {
            out.println("pgBackRest is left out: it is not installed (apt-get install pgbackrest)");
        }
        Path home =
                Path.of(System.getProperty("slipway.home", "")).toAbsolutePath().normalize();
        Path folder = home.resolve(".slipway/bench/backup");
        Ways.delete(folder);
        Files.createDirectories(folder);
        String password = HexFormat.of().formatHex(SecureRandom.getSeed(16));
        BackupReport report = new BackupReport();
        try (SourceServer source =
                SourceServer.start(folder.resolve("source"), home.resolve(".slipway/cache/postgres"), password)) {
            out.printf("database: %d MB%n", source.generate(bytes) / 1_000_000);
            Ways ways = new Ways(source, folder.resolve("others"), dump, zstd, pgbackrest.orElse(null));
            try (CaptureService service =
                    CaptureService.start(home, folder.resolve("own"), source, password, out::println)) {
                compare(source, ways, service, report, out);
                lists(service, report);
            }
        }
        report.print(out);
        report.write(folder.resolveSibling("backup.json"));
        Ways.delete(folder);
    }

    private void compare(SourceServer source, Ways ways, CaptureService service, BackupReport report, PrintStream out)
            throws Exception {
        long idle = service.memoryNow();
        long most = 0;
        // As it runs day after day, not as it does in its first minute.
        service.take("zstd", "restore");
        service.take("gzip", "readback");
        for (int round = 1; round <= rounds; round++) {
            report.round();
            source.settle();
            report.add(BackupReport.DUMP, told(out, BackupReport.DUMP, ways.dump()));
            report.add(BackupReport.PIPE, told(out, BackupReport.PIPE, ways.pipe()));
            CaptureService.Figures fast = service.take("zstd", "restore");
            report.add(BackupReport.FAST, told(out, BackupReport.FAST, taken(fast)));
            report.add(BackupReport.READBACK, fast.readback());
            report.add(BackupReport.DRILL, fast.drill());
            source.settle();
            CaptureService.Figures gzip = service.take("gzip", "readback");
            report.add(BackupReport.GZIP, told(out, BackupReport.GZIP, taken(gzip)));
            Ways.Taken physical = ways.pgbackrest();
            if (physical != null) {
                report.add(BackupReport.PHYSICAL, told(out, BackupReport.PHYSICAL, physical));
            }
            out.printf(
                    Locale.ROOT,
                    "  readback %.1f s, drill %.1f s, memory %d and %d MiB (idle %d)%n",
                    fast.readback().toMillis() / 1e3,
                    fast.drill().toMillis() / 1e3,
                    fast.memory(),
                    gzip.memory(),
                    idle);
            most = Math.max(most, Math.max(fast.memory(), gzip.memory()));
        }
        report.goal("memory above idle, MiB", most - idle, MOST_MEMORY);
    }

    private static Ways.Taken taken(CaptureService.Figures figures) {
        return new Ways.Taken(figures.capture(), figures.storedBytes());
    }

    private static Ways.Taken told(PrintStream out, String what, Ways.Taken taken) {
        out.printf(
                Locale.ROOT,
                "%-28s %6.1f s, %d MB%n",
                what,
                taken.took().toMillis() / 1e3,
                taken.storedBytes() / 1_000_000);
        return taken;
    }

    /// Lists as people ask for them: all, of one database, pages from deep inside.
    private void lists(CaptureService service, BackupReport report) throws Exception {
        service.pretend(stored);
        List<String> paths = new ArrayList<>(List.of(
                "/api/v1/backups?limit=20",
                "/api/v1/backups?application=bench&limit=20",
                "/api/v1/backups?application=bench&database=zstd&limit=20"));
        String cursor = "";
        for (int page = 0; page < 10; page++) {
            String path = "/api/v1/backups?limit=100" + (cursor.isEmpty() ? "" : "&cursor=" + cursor);
            var answer = service.get(path);
            cursor = answer.path("next").asText(answer.path("cursor").asText(""));
            paths.add("/api/v1/backups?limit=20&cursor=" + cursor);
        }
        for (int i = 0; i < LISTS_WARM; i++) {
            service.time(paths.get(i % paths.size()));
        }
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < LISTS; i++) {
            times.add(service.time(paths.get(i % paths.size())));
        }
        Duration p99 = times.stream().sorted().toList().get(LISTS * 99 / 100);
        report.goal("lists with %d backups stored, p99 ms".formatted(stored), p99.toNanos() / 1e6, SLOWEST_LIST);
    }
}
