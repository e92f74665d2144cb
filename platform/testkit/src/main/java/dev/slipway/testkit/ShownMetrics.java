package dev.slipway.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a service shows at `/q/metrics`, as it stands in `docs/operations/metrics/<service>.txt`: a name and its labels
/// a line, with the values of those labels that have a closed list of them. Dashboards and alert rules may use nothing
/// else.
public final class ShownMetrics {
    private static final Path LISTS = Path.of("../docs/operations/metrics");
    /// With the exemplar that a sample has while somebody traces.
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*?)})? \\S+(?: #.*)?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]++|\\\\.)*+)\"");
    private static final List<String> OTHERS = List.of(
            "http_server_requests_seconds", "jvm_memory_used_bytes", "process_cpu_usage", "process_uptime_seconds");

    private ShownMetrics() {}

    /// Lists what a page shows of the project's own, and of the few others that are worth a look.
    ///
    /// @param page in Prometheus' text format
    static String listed(String page) {
        Map<String, Map<String, Set<String>>> metrics = new TreeMap<>();
        page.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches() && isListed(sample.group(1))) {
                Map<String, Set<String>> labels = metrics.computeIfAbsent(sample.group(1), _ -> new TreeMap<>());
                if (sample.group(2) != null) {
                    LABEL.matcher(sample.group(2))
                            .results()
                            .forEach(label -> labels.computeIfAbsent(label.group(1), _ -> new TreeSet<>())
                                    .add(label.group(2)));
                }
            }
        });
        return metrics.entrySet().stream()
                .map(metric -> metric.getKey() + labels(metric.getKey(), metric.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    /// Holds the list of a service against what its page shows, or writes it anew with `-Dslipway.write=true`.
    public static void hold(String service, String page) throws IOException {
        Path list = LISTS.resolve(service + ".txt");
        String shown = listed(page);
        if (Boolean.getBoolean("slipway.write")) {
            Files.createDirectories(LISTS);
            Files.writeString(list, shown);
        }
        String expected = Files.exists(list) ? Files.readString(list) : "";
        if (!shown.equals(expected)) {
            throw new AssertionError("%s does not list what is shown (write it with -Dslipway.write=true):%n%s"
                    .formatted(list, difference(expected, shown)));
        }
    }

    private static String difference(String expected, String shown) {
        List<String> before = Arrays.asList(expected.split("\n"));
        List<String> now = Arrays.asList(shown.split("\n"));
        return Stream.concat(
                        before.stream().filter(line -> !now.contains(line)).map(line -> "- " + line),
                        now.stream().filter(line -> !before.contains(line)).map(line -> "+ " + line))
                .collect(Collectors.joining("\n"));
    }

    private static boolean isListed(String name) {
        return name.startsWith("slipway_") || OTHERS.stream().anyMatch(name::startsWith);
    }

    private static String labels(String metric, Map<String, Set<String>> labels) {
        return labels.isEmpty()
                ? ""
                : labels.entrySet().stream()
                        .map(label -> metric.startsWith("slipway_")
                                ? label.getKey() + "=" + String.join("|", label.getValue())
                                : label.getKey())
                        .collect(Collectors.joining(", ", "{", "}"));
    }
}
