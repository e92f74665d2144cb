package dev.slipway.monitor.manifest;

import dev.slipway.events.Catalogue;
import dev.slipway.manifest.Faults;
import dev.slipway.manifest.ManifestNode;
import dev.slipway.manifest.ManifestReader;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads the section `watches`:
///
/// ```yaml
/// watches:
///   - environment: production
///     metrics: ${env:SLIPWAY_REF_SHOP_METRICS_URL}
///     every: PT5S            # how often the page is asked for
///     timeout: PT2S          # how long its answer may take
///     batch: PT5S            # at least `every`
///     sourceDeadline: PT15S  # how long the page may fail before the watch holds
///     requests: {name: edge_requests_total, labels: {version: "${version}"}}
///     errors: {name: edge_requests_total, labels: {version: "${version}", status: "5.."}}
///     alpha: 0.004           # chance of a wrong call-back per release
///     delta: 0.005           # how much worse is harmless
///     gate: 0.025            # how much worse it must look for a call-back
///     promotion: {margin: 0.025, beta: 0.05}
/// ```
///
/// All but `environment`, `metrics`, `requests` and `errors` may be left out.
@Singleton
public final class WatchManifestReader implements ManifestReader<WatchManifest> {
    private static final WatchSettings USUAL = WatchSettings.USUAL;
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final String EVERY = "every";
    private static final String TIMEOUT = "timeout";
    private static final String BATCH = "batch";
    private static final String SOURCE_DEADLINE = "sourceDeadline";

    @Override
    public String service() {
        return Catalogue.MONITOR;
    }

    @Override
    public WatchManifest read(ManifestNode root, Faults faults) {
        Set<String> environments = root.namesIn("environments");
        List<EnvironmentWatch> watches = root.optionalList("watches", node -> watch(node, environments));
        long different =
                watches.stream().map(EnvironmentWatch::environment).distinct().count();
        if (different < watches.size()) {
            root.fault("watches", "two of them are of the same environment");
        }
        return new WatchManifest(watches);
    }

    private static EnvironmentWatch watch(ManifestNode node, Set<String> environments) {
        String environment = node.name("environment");
        if (!environment.isEmpty() && !environments.contains(environment)) {
            node.fault(
                    "environment",
                    "'%s' is none of the environments: %s".formatted(environment, String.join(", ", environments)));
        }
        String metrics = node.url("metrics");
        Duration every = within(node, EVERY, node.duration(EVERY, Duration.ofSeconds(5)), SHORTEST);
        Duration timeout = within(node, TIMEOUT, node.duration(TIMEOUT, Duration.ofSeconds(2)), SHORTEST);
        Duration batch = within(node, BATCH, node.duration(BATCH, longer(USUAL.batch(), every)), every);
        Duration deadline = within(
                node,
                SOURCE_DEADLINE,
                node.duration(SOURCE_DEADLINE, longer(USUAL.sourceDeadline(), every.multipliedBy(3))),
                every.multipliedBy(2));
        double alpha = node.number("alpha", .000001, .05, USUAL.alpha());
        double delta = node.number("delta", 0, .019, USUAL.delta());
        double gate = node.number("gate", 0, .5, USUAL.gate());
        if (gate < delta) {
            node.fault("gate", "must be at least delta, %s".formatted(delta));
        }
        Promotion promotion = node.optionalObject("promotion", WatchManifestReader::promotion)
                .orElse(new Promotion(USUAL.margin(), USUAL.beta()));
        CounterSelector requests = node.object("requests", WatchManifestReader::selector);
        CounterSelector errors = node.object("errors", WatchManifestReader::selector);
        return new EnvironmentWatch(
                environment,
                metrics,
                every,
                timeout,
                requests,
                errors,
                new WatchSettings(batch, deadline, alpha, delta, gate, promotion.margin, promotion.beta));
    }

    private record Promotion(double margin, double beta) {}

    private static Promotion promotion(ManifestNode node) {
        return new Promotion(
                node.number("margin", .001, .5, USUAL.margin()), node.number("beta", .0001, .2, USUAL.beta()));
    }

    private static CounterSelector selector(ManifestNode node) {
        String name = node.text("name");
        Map<String, String> labels = node.textMap("labels");
        node.done();
        return CounterSelector.of(name, labels);
    }

    private static Duration within(ManifestNode node, String key, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            node.fault(key, "must be from %s to %s, not %s".formatted(least, LONGEST, value));
        }
        return value;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
