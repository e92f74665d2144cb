package dev.slipway.trials.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Every notice due was accepted by its receiver, once per key. What is due follows from the events and
/// from who hears of what, not from what notify-service says.
final class NoticeCheck {
    private static final Map<String, String> ENDS = Map.of(
            "completed", "release-completed",
            "failed", "release-failed",
            "rolledBack", "release-rolled-back",
            "cancelled", "release-cancelled",
            "superseded", "release-superseded");

    private final Evidence evidence;
    private final Findings findings;
    private final Map<String, Integer> accepted = new HashMap<>();
    private final Map<String, Set<String>> receivers = new HashMap<>();

    private NoticeCheck(Evidence evidence, Findings findings) {
        this.evidence = evidence;
        this.findings = findings;
        for (JsonNode receipt : evidence.receipts()) {
            String key = receipt.path("key").asText();
            if (receipt.path("outcome").asText().equals("refused")) {
                findings.count("messages refused by receivers", 1);
            } else {
                accepted.merge(key, 1, Integer::sum);
                receivers
                        .computeIfAbsent(key, _ -> new HashSet<>())
                        .add(receipt.path("receiver").asText() + " "
                                + receipt.path("to").asText());
            }
        }
    }

    static void check(Evidence evidence, Findings findings) {
        var check = new NoticeCheck(evidence, findings);
        Map<String, Due> due = check.due();
        Map<String, List<JsonNode>> ledger = new HashMap<>();
        for (JsonNode notice : evidence.notices()) {
            String key = "%s %s %s"
                    .formatted(
                            notice.path("release").asText(),
                            notice.path("situation").asText(),
                            notice.path("channel").asText().equals("email") ? "mail" : "hook");
            ledger.computeIfAbsent(key, _ -> new ArrayList<>()).add(notice);
            check.explained(notice);
        }
        due.forEach((key, each) -> check.arrived(key, each, ledger.getOrDefault(key, List.of())));
        ledger.keySet().stream()
                .filter(key -> !due.containsKey(key) && check.isOfARelease(key))
                .forEach(key -> findings.difference("notice %s: nobody is to be told of it", key));
        Set<String> keys = new HashSet<>();
        evidence.notices().forEach(notice -> keys.add(notice.path("id").asText()));
        check.accepted.keySet().stream()
                .filter(key -> !keys.contains(key))
                .forEach(key -> findings.difference("a message came under the key %s, which is no notice's", key));
    }

    /// @param times how often it is due: a release may be held more than once
    private record Due(String receiver, int times) {}

    private Map<String, Due> due() {
        Map<String, Due> due = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (TopicRecord record : evidence.records()) {
            if (!seen.add(record.event())) {
                continue;
            }
            if (record.is("pipelinerun.finished")) {
                JsonNode release = record.facts("release");
                add(due, release, ENDS.getOrDefault(record.facts("phase").asText(), "unknown"));
            } else if (record.is("pipelinerun.started") && !announces(record)) {
                add(due, record.facts("release"), "release-started");
            } else if (record.is("release.noticeRequested")) {
                add(due, record.content("release"), record.content("situation").asText());
            } else if (record.is("release.held")) {
                add(due, record.content("release"), "release-held");
            }
        }
        return due;
    }

    private static boolean announces(TopicRecord started) {
        for (JsonNode step : started.facts("steps")) {
            if (step.path("kind").asText().equals("announce")) {
                return true;
            }
        }
        return false;
    }

    private void add(Map<String, Due> due, JsonNode release, String situation) {
        JsonNode route = evidence.expected()
                .path("routes")
                .path(release.path("application").asText());
        if (!route.path("situations").toString().contains("\"" + situation + "\"")) {
            return;
        }
        for (String channel : new String[] {"mail", "hook"}) {
            String receiver = channel + " " + route.path(channel).asText();
            due.merge(
                    "%s %s %s".formatted(release.path("id").asText(), situation, channel),
                    new Due(receiver, 1),
                    (one, other) -> new Due(receiver, one.times() + other.times()));
        }
    }

    private void arrived(String key, Due due, List<JsonNode> notices) {
        findings.count("notices due", due.times());
        if (notices.size() != due.times()) {
            findings.difference("notice %s is due %d times and there are %d", key, due.times(), notices.size());
        }
        for (JsonNode notice : notices) {
            String id = notice.path("id").asText();
            String state = notice.path("state").asText();
            if (!state.equals("delivered")) {
                findings.difference(
                        "notice %s is %s: %s", key, state, notice.path("detail").asText());
            }
            if (!receivers.getOrDefault(id, Set.of()).equals(Set.of(due.receiver()))) {
                findings.difference(
                        "notice %s was for %s and came to %s",
                        key, due.receiver(), receivers.getOrDefault(id, Set.of()));
            }
        }
    }

    /// A message that came more than once under its key is one whose sender could not know that it had
    /// come.
    private void explained(JsonNode notice) {
        int times = accepted.getOrDefault(notice.path("id").asText(), 0);
        findings.count("notices accepted by their receivers", Math.min(1, times));
        findings.count("messages that came again under their key", Math.max(0, times - 1));
        if (times - 1 > notice.path("unconfirmed").asInt()) {
            findings.difference(
                    "notice %s came %d times, and only %d attempts ended without an answer",
                    notice.path("id").asText(),
                    times,
                    notice.path("unconfirmed").asInt());
        }
    }

    /// Others (incidents, backups by schedule) are not followed here.
    private boolean isOfARelease(String key) {
        return key.contains(" release-");
    }
}
