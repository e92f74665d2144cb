package dev.slipway.trials.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// No environment had two running releases, no two scripts worked on one place at once, and what is said
/// to run runs.
final class EnvironmentCheck {
    private EnvironmentCheck() {}

    /// Somebody was there from a moment to another. @param who in words
    private record Stay(String who, Instant from, Instant to) {}

    static void check(Evidence evidence, Findings findings) {
        releases(evidence, findings).forEach((place, stays) -> alone(place, stays, "releases", findings));
        scripts(evidence, findings).forEach((place, stays) -> alone(place, stays, "scripts", findings));
        for (JsonNode environment : evidence.environments()) {
            String name = environment.path("environment").asText();
            if (environment.hasNonNull("running")) {
                findings.difference(
                        "%s is still held by %s",
                        name, environment.path("running").path("release").asText());
            }
            String said = environment.path("current").path("version").asText();
            String installed = environment.path("installed").asText();
            if (!said.equals(installed)) {
                findings.difference("%s is said to run %s and runs %s", name, said, installed);
            }
        }
    }

    /// By the times of the events alone.
    private static Map<String, List<Stay>> releases(Evidence evidence, Findings findings) {
        Map<String, TopicRecord> started = new HashMap<>();
        Map<String, TopicRecord> finished = new HashMap<>();
        for (TopicRecord record : evidence.records()) {
            String id = record.facts("release").path("id").asText();
            if (record.is("pipelinerun.started")) {
                once(started.put(id, record), record, "started", id, findings);
            } else if (record.is("pipelinerun.finished")) {
                once(finished.put(id, record), record, "finished", id, findings);
            }
        }
        findings.count("releases started", started.size());
        Map<String, List<Stay>> stays = new TreeMap<>();
        started.forEach((id, record) -> {
            TopicRecord end = finished.get(id);
            stays.computeIfAbsent(record.facts("release").path("environment").asText(), _ -> new ArrayList<>())
                    .add(new Stay("release " + id, record.time(), end == null ? Instant.MAX : end.time()));
        });
        return stays;
    }

    private static void once(TopicRecord before, TopicRecord now, String what, String id, Findings findings) {
        if (before != null && !before.event().equals(now.event())) {
            findings.difference("release %s %s twice: events %s and %s", id, what, before.event(), now.event());
        }
    }

    private static Map<String, List<Stay>> scripts(Evidence evidence, Findings findings) {
        Map<String, List<Effect>> runs = new HashMap<>();
        evidence.effects()
                .forEach(effect -> runs.computeIfAbsent(effect.whole(), _ -> new ArrayList<>())
                        .add(effect));
        findings.count("runs of scripts", runs.size());
        Map<String, List<Stay>> stays = new TreeMap<>();
        runs.forEach((run, moments) -> {
            long from = moments.stream().mapToLong(Effect::nanos).min().orElseThrow();
            long to = moments.stream().mapToLong(Effect::nanos).max().orElseThrow();
            stays.computeIfAbsent(moments.getFirst().environment(), _ -> new ArrayList<>())
                    .add(new Stay("run " + run, instant(from), instant(to)));
        });
        return stays;
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    private static void alone(String place, List<Stay> stays, String what, Findings findings) {
        stays.sort(Comparator.comparing(Stay::from));
        Stay longest = null;
        for (Stay stay : stays) {
            if (longest != null && stay.from().isBefore(longest.to())) {
                findings.difference(
                        "%s had two running %s at once: %s until %s, %s from %s",
                        place, what, longest.who(), longest.to(), stay.who(), stay.from());
            }
            if (longest == null || stay.to().isAfter(longest.to())) {
                longest = stay;
            }
        }
    }
}
