package dev.slipway.suite.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Gives one manifest to all four services: first each is asked what it thinks of it, and only when all agree it is
/// put. May be repeated: a service that holds it already answers the same.
public final class ApplyManifest {
    /// Stands in the path when the document does not say what it is about; the services then name that fault, or the
    /// place where the document cannot be read.
    private static final String UNNAMED = "unnamed";

    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(5);
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final Map<String, URI> services;
    private final String token;

    /// @param services name → URL of each
    /// @param token with the role `admin`
    public ApplyManifest(Map<String, URI> services, String token) {
        this.services = new TreeMap<>(services);
        this.token = token;
    }

    /// @param dryRun only asks, changes nothing
    public Outcome apply(byte[] yaml, boolean dryRun) {
        String application = applicationOf(yaml);
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECTS_WITHIN)
                .build()) {
            List<ManifestClient> clients = services.entrySet().stream()
                    .map(service -> new ManifestClient(http, service.getKey(), service.getValue(), token))
                    .toList();
            List<ManifestFault> faults = faultsOf(give(clients, application, yaml, true));
            if (!faults.isEmpty()) {
                return new Outcome.Refused(faults);
            }
            if (dryRun) {
                return new Outcome.Agreed(application);
            }
            return settled(application, give(clients, application, yaml, false));
        }
    }

    private static List<ManifestClient.Answer> give(
            List<ManifestClient> clients, String application, byte[] yaml, boolean dryRun) {
        return clients.stream()
                .map(client -> client.put(application, yaml, dryRun))
                .toList();
    }

    private static Outcome settled(String application, List<ManifestClient.Answer> answers) {
        Set<String> holders = answers.stream()
                .filter(ManifestClient.Answer::accepted)
                .map(ManifestClient.Answer::service)
                .collect(Collectors.toSet());
        if (holders.size() < answers.size()) {
            return new Outcome.Partly(holders, faultsOf(answers));
        }
        return new Outcome.Applied(application, answers.getFirst().hash());
    }

    /// Every fault of every service, in the order of the document; what several say is said once.
    private static List<ManifestFault> faultsOf(List<ManifestClient.Answer> answers) {
        List<ManifestFault> merged = new ArrayList<>();
        for (ManifestClient.Answer answer : answers) {
            answer.faults().forEach(fault -> merge(merged, fault));
        }
        merged.sort(ManifestFault.IN_ORDER_OF_THE_DOCUMENT);
        return merged;
    }

    private static void merge(List<ManifestFault> merged, ManifestFault fault) {
        for (int index = 0; index < merged.size(); index++) {
            if (merged.get(index).saysTheSameAs(fault)) {
                merged.set(index, merged.get(index).alsoSaidBy(fault.services()));
                return;
            }
        }
        merged.add(fault);
    }

    private static String applicationOf(byte[] yaml) {
        try {
            JsonNode document = YAML.readTree(yaml);
            String name = document == null ? "" : document.path("application").asText();
            return name.isBlank() ? UNNAMED : name;
        } catch (IOException _) {
            return UNNAMED;
        }
    }
}
