package dev.slipway.backup.manifest;

import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.manifest.BackupManifest.Database;
import dev.slipway.backup.manifest.BackupManifest.Keeping;
import dev.slipway.backup.proof.Check;
import dev.slipway.backup.proof.Judgement;
import dev.slipway.backup.proof.Size;
import dev.slipway.backup.retention.RetentionPolicy;
import dev.slipway.backup.schedule.Plan;
import dev.slipway.backup.schedule.Rhythm;
import dev.slipway.backup.schedule.Task;
import dev.slipway.backup.schedule.Timetable;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.watchdog.WatchdogPolicy;
import dev.slipway.events.Catalogue;
import dev.slipway.manifest.Faults;
import dev.slipway.manifest.ManifestNode;
import dev.slipway.manifest.ManifestReader;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads the section `databases`, which may be absent.
@Singleton
public final class BackupManifestReader implements ManifestReader<BackupManifest> {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?) ?([kMGT])B");
    private static final int MOST_KEPT = 36_500;

    private final LocationNames places;

    /// @param places the locations this service has
    public BackupManifestReader(LocationNames places) {
        this.places = places;
    }

    @Override
    public String service() {
        return Catalogue.BACKUP;
    }

    @Override
    public BackupManifest read(ManifestNode root, Faults faults) {
        Set<String> environments = root.namesIn("environments");
        return new BackupManifest(root.optionalNamed("databases", node -> database(node, environments)));
    }

    private Database database(ManifestNode node, Set<String> environments) {
        String name = node.name("name");
        ServerKind kind = node.oneOf("type", ServerKind.class, ServerKind.POSTGRESQL);
        return new Database(
                name,
                kind,
                environment(node, environments),
                node.text("host"),
                node.port("port", kind.usualPort()),
                node.text("database"),
                node.text("user"),
                node.secret("password"),
                keeping(node),
                node.optionalNamed("schedules", BackupManifestReader::schedule),
                node.optionalObject("watchdog", BackupManifestReader::watchdog).orElse(WatchdogPolicy.USUAL),
                node.optionalObject("retention", BackupManifestReader::retention)
                        .orElse(RetentionPolicy.USUAL),
                judgement(node));
    }

    private static Judgement judgement(ManifestNode node) {
        List<Check> checks = node.optionalNamed(
                "checks",
                check -> new Check(check.name("name"), check.text("sql"), check.duration("limit", Check.USUAL_LIMIT)));
        return new Judgement(
                checks, node.optionalObject("size", BackupManifestReader::size).orElse(Size.USUAL));
    }

    private static Size size(ManifestNode node) {
        long least = bytes(node, "least", 0);
        long most = bytes(node, "most", Long.MAX_VALUE);
        if (most < least) {
            node.fault("most", "is less than 'least'");
        }
        return new Size(
                least,
                most,
                node.integer("times", 2, 1_000, Size.USUAL.times()),
                node.oneOf("otherwise", Otherwise.class, Otherwise.TELL) == Otherwise.FAIL);
    }

    /// What happens when a dump is far from those before it.
    private enum Otherwise {
        TELL,
        FAIL
    }

    /// `200 MB`, `1.5 GB`: in thousands, as disks are sold.
    private static long bytes(ManifestNode node, String key, long fallback) {
        return node.optional(key, value -> {
                    Matcher size = SIZE.matcher(value.asText());
                    if (!size.matches()) {
                        throw new IllegalArgumentException(
                                "must be a size such as 200 MB, not '%s'".formatted(value.asText()));
                    }
                    int thousands = "kMGT".indexOf(size.group(2)) + 1;
                    return new BigDecimal(size.group(1))
                            .movePointRight(3 * thousands)
                            .longValue();
                })
                .orElse(fallback);
    }

    private static String environment(ManifestNode node, Set<String> environments) {
        String environment = node.text("environment");
        if (!environment.isEmpty() && !environments.contains(environment)) {
            node.fault("environment", "there is no environment '%s' in this manifest".formatted(environment));
        }
        return environment;
    }

    private Keeping keeping(ManifestNode node) {
        List<String> locations = node.list("locations", item -> known(item.asText()));
        if (new HashSet<>(locations).size() < locations.size()) {
            node.fault("locations", "names a location twice");
        }
        int needed = node.integer("needed", 1, 16, 1);
        if (needed > Math.max(1, locations.size())) {
            node.fault("needed", "there are only %d locations".formatted(locations.size()));
        }
        return new Keeping(locations, needed, node.oneOf("compression", Storage.Method.class, Storage.Method.ZSTD));
    }

    private String known(String location) {
        if (!location.isEmpty() && !places.names().contains(location)) {
            throw new IllegalArgumentException(
                    "must be one of %s, not '%s'".formatted(String.join(", ", places.names()), location));
        }
        return location;
    }

    private static WatchdogPolicy watchdog(ManifestNode node) {
        return new WatchdogPolicy(
                node.duration("maxAge", WatchdogPolicy.USUAL.maxAge()),
                node.oneOf("proof", ProofKind.class, WatchdogPolicy.USUAL.proof()),
                node.duration("longestPause", WatchdogPolicy.USUAL.longestPause()));
    }

    /// Whoever writes some rules means these alone; whoever writes none keeps a week.
    private static RetentionPolicy retention(ManifestNode node) {
        boolean none = Stream.of("last", "days", "daily", "weekly", "monthly", "yearly")
                .noneMatch(node::has);
        return new RetentionPolicy(
                node.integer("last", 0, MOST_KEPT, 0),
                node.integer("days", 0, MOST_KEPT, none ? RetentionPolicy.USUAL.days() : 0),
                node.integer("daily", 0, MOST_KEPT, 0),
                node.integer("weekly", 0, MOST_KEPT, 0),
                node.integer("monthly", 0, MOST_KEPT, 0),
                node.integer("yearly", 0, MOST_KEPT, 0),
                node.has("zone") ? node.zone("zone") : RetentionPolicy.USUAL.zone(),
                node.integer("failedDays", 0, MOST_KEPT, RetentionPolicy.USUAL.failedDays()),
                node.duration("releases", RetentionPolicy.USUAL.releases()));
    }

    private static Plan schedule(ManifestNode node) {
        String name = node.name("name");
        Optional<LocalTime> at = node.optional("at", time -> Rhythm.time(time.asText()));
        List<DayOfWeek> days = node.optionalList("days", day -> day.asOneOf(DayOfWeek.class));
        String cron = node.has("at") ? "" : node.cron("cron");
        if (node.has("at") && node.has("cron")) {
            node.fault("cron", "does not go with 'at': give one or the other");
        }
        if (node.has("days") && !node.has("at")) {
            node.fault("days", "goes with 'at' only: a cron expression has a field for the weekday");
        }
        ZoneId zone = node.zone("zone");
        Duration grace = node.duration("grace", Plan.USUAL_GRACE);
        ProofKind proof = node.oneOf("proof", ProofKind.class, ProofKind.RESTORE);
        Task task = node.oneOf("task", Task.class, Task.BACKUP);
        node.done();
        Rhythm rhythm = at.isPresent() ? Rhythm.daily(at.get(), days) : Rhythm.cron(cron);
        return new Plan(name, task, new Timetable(rhythm, zone), grace, proof);
    }
}
