package dev.slipway.suite.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Holds PromQL expressions against the metrics that the services really show, as their lists tell
/// (`docs/operations/metrics`, written from what `/q/metrics` answers).
final class MetricUse {
    /// What Prometheus adds by itself or by the scrape configuration.
    private static final Set<String> OF_THE_SCRAPE = Set.of("job", "service", "instance");

    private static final Set<String> WORDS = Set.of("by", "without", "on", "ignoring", "and", "or", "unless", "bool");
    private static final Pattern LISTED = Pattern.compile("(\\w+)(?:\\{(.*)})?");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\s*(?:\\{([^}]*)})?(\\s*\\()?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");

    /// Labels of each metric, and their values where there is a closed list of them.
    private final Map<String, Map<String, Set<String>>> known = new HashMap<>(Map.of("up", Map.of()));

    static MetricUse of(Path lists) throws IOException {
        MetricUse use = new MetricUse();
        try (Stream<Path> files = Files.list(lists)) {
            for (Path file : files.toList()) {
                Files.readAllLines(file).forEach(use::learn);
            }
        }
        return use;
    }

    private void learn(String line) {
        Matcher listed = LISTED.matcher(line);
        if (!listed.matches()) {
            throw new IllegalArgumentException("not a line of a list of metrics: " + line);
        }
        Map<String, Set<String>> labels = known.computeIfAbsent(listed.group(1), _ -> new HashMap<>());
        if (listed.group(2) != null) {
            for (String label : listed.group(2).split(", ")) {
                String[] parts = label.split("=", 2);
                Set<String> values = labels.computeIfAbsent(parts[0], _ -> new HashSet<>());
                if (parts.length == 2) {
                    values.addAll(Arrays.asList(parts[1].split("\\|")));
                }
            }
        }
    }

    /// @return what an expression uses that does not exist, for people
    List<String> faults(String expression) {
        List<String> faults = new ArrayList<>();
        Set<String> labels = new HashSet<>(OF_THE_SCRAPE);
        String bare = GROUPING.matcher(expression).replaceAll(" ");
        List<MatchResult> selectors = SELECTOR.matcher(bare.replaceAll("\\[[^]]*]", " "))
                .results()
                .filter(found -> found.group(3) == null && !WORDS.contains(found.group(1)))
                .toList();
        if (selectors.isEmpty()) {
            faults.add("no metric in: " + expression);
        }
        for (MatchResult selector : selectors) {
            Map<String, Set<String>> metric = known.get(selector.group(1));
            if (metric == null) {
                faults.add("no metric " + selector.group(1));
            } else {
                labels.addAll(metric.keySet());
                matchers(selector, metric, faults);
            }
        }
        GROUPING.matcher(expression)
                .results()
                .flatMap(group -> Arrays.stream(group.group(1).split(",")))
                .map(String::strip)
                .filter(label -> !label.isEmpty() && !labels.contains(label))
                .forEach(label -> faults.add("no label " + label + " in: " + expression));
        return faults;
    }

    private static void matchers(MatchResult selector, Map<String, Set<String>> metric, List<String> faults) {
        if (selector.group(2) == null) {
            return;
        }
        MATCHER.matcher(selector.group(2)).results().forEach(matcher -> {
            String label = matcher.group(1);
            if (OF_THE_SCRAPE.contains(label)) {
                return;
            }
            Set<String> values = metric.get(label);
            if (values == null) {
                faults.add("no label %s of %s".formatted(label, selector.group(1)));
            } else if (!values.isEmpty()) {
                Arrays.stream(matcher.group(3).split("\\|"))
                        .filter(value -> !values.contains(value))
                        .forEach(value -> faults.add("no %s=%s of %s".formatted(label, value, selector.group(1))));
            }
        });
    }
}
