package dev.slipway.deploy.manifest;

import dev.slipway.deploy.manifest.Environment.Announce;
import dev.slipway.deploy.manifest.Environment.BackupGate;
import dev.slipway.deploy.manifest.Environment.BackupStep;
import dev.slipway.deploy.manifest.Environment.Gates;
import dev.slipway.deploy.manifest.Environment.RouterSpec;
import dev.slipway.deploy.manifest.Environment.Traffic;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.manifest.ManifestNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Reads the environments of one manifest, in promotion order.
final class EnvironmentReader {
    private static final List<String> STEPS = Stream.of(StepKind.values())
            .filter(StepKind::plannable)
            .map(StepKind::tag)
            .toList();
    private static final List<String> OVERRIDABLE = List.of("soak", "backup");
    private static final int MOST_LOCATIONS = 10;

    private final TargetReader targets;
    private final List<String> routerTypes;
    private final Set<String> suites;
    private final Set<String> databases;
    private boolean first = true;

    /// @param suites names of the manifest's smoke tests
    /// @param databases names of its databases
    EnvironmentReader(Set<String> targetTypes, Set<String> routerTypes, Set<String> suites, Set<String> databases) {
        this.targets = new TargetReader(targetTypes);
        this.routerTypes = routerTypes.stream().sorted().toList();
        this.suites = suites;
        this.databases = databases;
    }

    Environment read(ManifestNode node) {
        List<StepKind> plan = node.list("plan", EnvironmentReader::step);
        Environment environment = new Environment(
                node.name("name"),
                node.url("url"),
                node.object("target", targets::read),
                node.optionalObject("router", this::router).orElse(null),
                node.optionalObject("gates", this::gates).orElse(Gates.none()),
                plan,
                node.optionalText("smoke").map(suite -> smoke(node, suite)).orElse(null),
                node.optionalObject("announce", EnvironmentReader::announce).orElse(null),
                node.optionalObject("backup", this::backup).orElse(null),
                node.optionalObject("traffic", EnvironmentReader::traffic).orElse(null));
        PlanRules.check(node, environment);
        first = false;
        return environment;
    }

    private static StepKind step(ManifestNode node) {
        return StepKind.ofTag(node.asOneOf(STEPS)).orElseThrow();
    }

    private RouterSpec router(ManifestNode node) {
        return new RouterSpec(node.oneOf("type", routerTypes), node.url("url"), node.secret("token"));
    }

    private Gates gates(ManifestNode node) {
        if (first && node.has("soak")) {
            node.fault("soak", "nothing soaks before the first environment");
        }
        return new Gates(
                node.optionalDuration("soak").orElse(null),
                node.has("approvals") ? DeployManifestReader.distinct(node, "approvals") : List.of(),
                node.optionalObject("backup", this::backupGate).orElse(null),
                node.optionalObject("overrides", overrides -> overrides(node, overrides))
                        .orElse(Map.of()));
    }

    /// Approvals are not overridden: that would be approving without four eyes. Two releases at once into one
    /// environment help nobody either.
    private static Map<String, String> overrides(ManifestNode gates, ManifestNode node) {
        Map<String, String> roles = new TreeMap<>();
        for (String gate : OVERRIDABLE) {
            if (node.has(gate)) {
                if (!gates.has(gate)) {
                    node.fault(gate, "there is no such gate in this environment to override");
                }
                roles.put(gate, node.name(gate));
            }
        }
        return roles;
    }

    private BackupGate backupGate(ManifestNode node) {
        return new BackupGate(
                database(node), node.duration("maxAge"), locations(node), proof(node), node.duration("timeout"));
    }

    private BackupStep backup(ManifestNode node) {
        return new BackupStep(database(node), locations(node), proof(node), node.duration("timeout"));
    }

    private String database(ManifestNode node) {
        String database = node.text("database");
        if (!database.isEmpty() && !databases.contains(database)) {
            node.fault("database", "there is no database '%s' in this manifest".formatted(database));
        }
        return database;
    }

    private static int locations(ManifestNode node) {
        return node.integer("locations", 1, MOST_LOCATIONS);
    }

    private static String proof(ManifestNode node) {
        return node.oneOf("proof", List.of("readback", "restore"));
    }

    private String smoke(ManifestNode node, String suite) {
        if (!suites.contains(suite)) {
            node.fault("smoke", "there are no smoke tests '%s' in this manifest".formatted(suite));
        }
        return suite;
    }

    private static Announce announce(ManifestNode node) {
        return new Announce(node.name("situation"), node.duration("timeout"));
    }

    private static Traffic traffic(ManifestNode node) {
        Traffic traffic = new Traffic(
                node.integers("steps", 1, 100),
                node.duration("minDwell"),
                node.duration("maxDuration"),
                node.oneOf("undecided", List.of("hold", "promote")),
                node.duration("strictWatch"));
        List<Integer> steps = traffic.steps();
        boolean rising =
                Stream.iterate(1, i -> i < steps.size(), i -> i + 1).allMatch(i -> steps.get(i) > steps.get(i - 1));
        if (!steps.isEmpty() && !(rising && steps.getLast() == 100)) {
            node.fault("steps", "must rise from step to step and end with 100, not %s".formatted(steps));
        }
        if (traffic.minDwell().compareTo(traffic.maxDuration()) > 0) {
            node.fault("minDwell", "must not be longer than maxDuration");
        }
        return traffic;
    }
}
