package dev.slipway.trials.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// No release stands still, and each ended as the kind of its build and what people asked for demand.
final class ReleaseCheck {
    private static final String COMPLETED = "completed";
    private static final String SUPERSEDED = "superseded";
    private static final String CANCELLED = "cancelled";

    private final Evidence evidence;
    private final Findings findings;
    private final Map<String, List<JsonNode>> byBuild = new HashMap<>();
    private final Map<String, JsonNode> cancels = new HashMap<>();
    private final Set<String> takenBack = new HashSet<>();
    private final Map<String, String> passedOver = new HashMap<>();

    private ReleaseCheck(Evidence evidence, Findings findings) {
        this.evidence = evidence;
        this.findings = findings;
        evidence.releases()
                .forEach(release -> byBuild.computeIfAbsent(WebhookCheck.build(release), _ -> new ArrayList<>())
                        .add(release));
        evidence.candidates().stream()
                .filter(candidate -> candidate.hasNonNull("passedOverBy"))
                .forEach(candidate -> passedOver.put(
                        WebhookCheck.build(candidate),
                        candidate.path("passedOverBy").asText()));
        evidence.cancels().forEach(cancel -> cancels.put(cancel.path("release").asText(), cancel));
        evidence.choices().stream()
                .filter(choice -> choice.path("choice").asText().matches("rollback|abandon"))
                .forEach(choice -> takenBack.add(choice.path("release").asText()));
    }

    static void check(Evidence evidence, Findings findings) {
        var check = new ReleaseCheck(evidence, findings);
        evidence.releases().forEach(check::settled);
        evidence.webhooks().stream()
                .filter(webhook -> webhook.hasNonNull("acceptedAt"))
                .forEach(check::ended);
        check.numbers();
    }

    private void settled(JsonNode release) {
        String phase = release.path("phase").asText();
        findings.count("releases " + phase, 1);
        if (release.hasNonNull("settledAt")) {
            return;
        }
        JsonNode state = release.path("state");
        boolean asks = phase.equals("held")
                && !state.path("reason").asText().isBlank()
                && !state.path("choices").isEmpty();
        if (!asks) {
            findings.difference("%s stands still: %s, %s", name(release), phase, state);
        }
    }

    /// Follows a build from environment to environment.
    private void ended(JsonNode webhook) {
        List<JsonNode> releases = byBuild.getOrDefault(WebhookCheck.build(webhook), List.of());
        String application = webhook.path("application").asText();
        if (passedOver.containsKey(WebhookCheck.build(webhook))) {
            passedOver(webhook, releases);
            return;
        }
        JsonNode order = evidence.expected().path("environments").path(application);
        for (int place = 0; place < order.size(); place++) {
            String environment = order.get(place).asText();
            List<JsonNode> here = releases.stream()
                    .filter(release -> release.path("environment").asText().equals(environment))
                    .toList();
            if (here.size() != 1) {
                findings.difference(
                        "%s has %d releases in %s/%s",
                        webhook.path("build").asText(), here.size(), application, environment);
                return;
            }
            JsonNode release = here.getFirst();
            boolean last = place == order.size() - 1;
            expect(release, webhook.path("kind").asText(), last);
            if (!release.path("phase").asText().equals(COMPLETED)) {
                String further = order.path(place + 1).asText();
                if (releases.stream()
                        .anyMatch(other -> other.path("environment").asText().equals(further))) {
                    findings.difference(
                            "%s went on although it is %s",
                            name(release), release.path("phase").asText());
                }
                return;
            }
        }
    }

    /// A build that a newer one overtook before its release was made has none, and the newer one has.
    private void passedOver(JsonNode webhook, List<JsonNode> releases) {
        findings.count("candidates passed over", 1);
        String newer = passedOver.get(WebhookCheck.build(webhook));
        boolean released = evidence.releases().stream()
                .anyMatch(release -> release.path("candidate").asText().equals(newer)
                        && release.path("application").equals(webhook.path("application")));
        if (!releases.isEmpty() || !released) {
            findings.difference(
                    "%s was passed over for %s, and has %d releases itself",
                    webhook.path("build").asText(), newer, releases.size());
        }
    }

    private void expect(JsonNode release, String kind, boolean last) {
        String phase = release.path("phase").asText();
        if (phase.equals("held")) {
            return;
        }
        Set<String> right = new TreeSet<>(Set.of(outcome(kind, last)));
        JsonNode cancel = cancels.get(release.path("id").asText());
        if (cancel != null && cancel.path("changed").asBoolean()) {
            right = new TreeSet<>(Set.of(CANCELLED));
        } else if (cancel != null && cancel.path("unclear").asBoolean()) {
            right.add(CANCELLED);
        }
        if (takenBack.contains(release.path("id").asText())) {
            right.add("rolledBack");
            right.add("failed");
        }
        if (phase.equals(SUPERSEDED)) {
            superseded(release);
        } else if (!right.contains(phase)) {
            findings.difference(
                    "%s of kind %s is %s, not %s: %s",
                    name(release),
                    kind,
                    phase,
                    String.join(" or ", right),
                    release.path("state").path("reason").asText());
        }
    }

    private static String outcome(String kind, boolean last) {
        return switch (kind) {
            case "GOOD" -> COMPLETED;
            case "BROKEN_DEPLOY", "BROKEN_SMOKE" -> "failed";
            case "FAULTY" -> last ? "rolledBack" : COMPLETED;
            default -> throw new IllegalArgumentException("no kind of build: " + kind);
        };
    }

    /// Only a newer candidate may take a release's place. Candidates' ids sort by the time they were made.
    private void superseded(JsonNode release) {
        boolean newer = evidence.releases().stream()
                .anyMatch(other -> place(other).equals(place(release))
                        && other.path("candidate")
                                        .asText()
                                        .compareTo(release.path("candidate").asText())
                                > 0);
        if (!newer) {
            findings.difference("%s is superseded, and nothing newer came", name(release));
        }
    }

    /// v1, v2 … in each environment, each once and none left out.
    private void numbers() {
        Map<String, List<Integer>> numbers = new TreeMap<>();
        for (JsonNode release : evidence.releases()) {
            if (release.hasNonNull("number")) {
                numbers.computeIfAbsent(place(release), _ -> new ArrayList<>())
                        .add(release.path("number").asInt());
            }
        }
        numbers.forEach((place, given) -> {
            List<Integer> sorted = given.stream().sorted().toList();
            int first = sorted.getFirst();
            for (int index = 0; index < sorted.size(); index++) {
                if (sorted.get(index) != first + index) {
                    findings.difference("%s has the numbers %s", place, sorted);
                    return;
                }
            }
        });
    }

    private static String place(JsonNode release) {
        return release.path("application").asText() + "/"
                + release.path("environment").asText();
    }

    static String name(JsonNode release) {
        return "release %s (%s, v%s)"
                .formatted(
                        release.path("id").asText(),
                        place(release),
                        release.path("number").asText("?"));
    }
}
