package dev.slipway.trials.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// Every accepted webhook has exactly one candidate, and every candidate a webhook.
final class WebhookCheck {
    private WebhookCheck() {}

    static void check(Evidence evidence, Findings findings) {
        Map<String, Set<String>> byRest = new HashMap<>();
        for (JsonNode candidate : evidence.candidates()) {
            byRest.computeIfAbsent(build(candidate), _ -> new LinkedHashSet<>())
                    .add(candidate.path("id").asText());
        }
        Map<String, Set<String>> byEvent = new HashMap<>();
        Map<String, Set<String>> events = new HashMap<>();
        for (TopicRecord record : evidence.records()) {
            if (record.is("candidate.accepted")) {
                String build = record.content("application").asText() + " "
                        + record.content("commit").asText();
                events.computeIfAbsent(build, _ -> new HashSet<>()).add(record.event());
                byEvent.computeIfAbsent(build, _ -> new LinkedHashSet<>())
                        .add(record.content("candidate").asText());
            }
        }
        Map<String, Integer> verdicts = new HashMap<>();
        for (JsonNode delivery : evidence.deliveries()) {
            if (delivery.path("verdict").asText().equals("candidate")) {
                verdicts.merge(delivery.path("deliveryId").asText(), 1, Integer::sum);
            }
        }
        Set<String> asked = new HashSet<>();
        for (JsonNode webhook : evidence.webhooks()) {
            asked.add(build(webhook));
            String name = webhook.path("build").asText();
            findings.count("webhooks sent", webhook.path("attempts").size());
            if (!webhook.hasNonNull("acceptedAt")) {
                findings.difference("webhook of %s was never accepted: %s", name, webhook.path("attempts"));
                continue;
            }
            findings.count("webhooks accepted", 1);
            one(
                    findings,
                    name,
                    "candidates over REST",
                    byRest.getOrDefault(build(webhook), Set.of()).size());
            one(
                    findings,
                    name,
                    "candidate events",
                    events.getOrDefault(build(webhook), Set.of()).size());
            one(
                    findings,
                    name,
                    "deliveries that made a candidate",
                    verdicts.getOrDefault(webhook.path("delivery").asText(), 0));
            if (!byRest.getOrDefault(build(webhook), Set.of()).equals(byEvent.getOrDefault(build(webhook), Set.of()))) {
                findings.difference("webhook of %s: the candidate over REST is not that of the event", name);
            }
        }
        findings.count("candidates", events.size());
        events.keySet().stream()
                .filter(build -> !asked.contains(build))
                .forEach(build -> findings.difference("candidate of %s: nobody asked for it", build));
    }

    private static void one(Findings findings, String name, String what, int number) {
        if (number != 1) {
            findings.difference("webhook of %s was accepted and has %d %s", name, number, what);
        }
    }

    /// What makes a build one: application and commit.
    static String build(JsonNode node) {
        return node.path("application").asText() + " " + node.path("commit").asText();
    }
}
