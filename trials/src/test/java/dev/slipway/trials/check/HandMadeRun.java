package dev.slipway.trials.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Evidence of a small run in which everything went well, to be spoilt in one place: a good build of
/// `lab-1` in `test` and `live`, a build that broke its smoke test, one that was cancelled, and a backup.
final class HandMadeRun {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    final ObjectNode expected = node("""
            {"lab": {"lab-1": true}, "environments": {"lab-1": ["test", "live"]},
             "routes": {"lab-1": {"mail": "team@lab-1.example", "hook": "lab-1",
                                  "situations": ["release-started", "release-completed", "release-failed"]}}}""");
    final List<JsonNode> webhooks = new ArrayList<>();
    final List<JsonNode> cancels = new ArrayList<>();
    final List<JsonNode> captures = new ArrayList<>();
    final List<JsonNode> choices = new ArrayList<>();
    final List<JsonNode> faults = new ArrayList<>();
    final List<JsonNode> resent = new ArrayList<>();
    final List<JsonNode> receipts = new ArrayList<>();
    final List<JsonNode> releases = new ArrayList<>();
    final List<JsonNode> candidates = new ArrayList<>();
    final List<JsonNode> deliveries = new ArrayList<>();
    final List<JsonNode> notices = new ArrayList<>();
    final List<JsonNode> backups = new ArrayList<>();
    final List<JsonNode> environments = new ArrayList<>();
    final List<JsonNode> processes = new ArrayList<>();
    final ObjectNode shop = node("{\"ordersConfirmed\": 10, \"ordersInDatabase\": 11}");
    final List<ObjectNode> records = new ArrayList<>();
    final List<String> effects = new ArrayList<>();
    private final Path archives;
    private int events;
    private int seconds;

    HandMadeRun(Path archives) throws Exception {
        this.archives = archives;
        expected.put("backups", archives.toString());
        build("1", "good", "GOOD");
        build("2", "broken", "BROKEN_SMOKE");
        build("3", "unwanted", "GOOD");
        release("1", "good", "test", 1, "completed");
        release("1", "good", "live", 1, "completed");
        release("2", "broken", "test", 2, "failed");
        release("3", "unwanted", "test", 3, "cancelled");
        cancels.add(node("{\"release\": \"3-test\", \"status\": 200, \"changed\": true, \"unclear\": false}"));
        for (String environment : List.of("test", "live")) {
            environments.add(node("""
                    {"name": "%1$s", "environment": "lab-1/%1$s", "current": {"version": "good"}, "installed": "good"}""".formatted(environment)));
        }
        processes.add(node("{\"process\": \"deploy-service#2\", \"state\": \"Ready\", \"restarts\": 4}"));
        backup();
    }

    static ObjectNode node(String json) {
        return (ObjectNode) Evidence.json(json);
    }

    Findings check() {
        return CheckEvidence.check(new Evidence(
                expected,
                webhooks,
                cancels,
                captures,
                choices,
                faults,
                resent,
                receipts,
                releases,
                candidates,
                deliveries,
                notices,
                backups,
                environments,
                processes,
                shop,
                records.stream().map(TopicRecord::of).toList(),
                effects.stream().map(Effect::of).toList()));
    }

    private void build(String candidate, String commit, String kind) {
        webhooks.add(node("""
                {"delivery": "d-%1$s", "application": "lab-1", "build": "lab-1-%1$s", "commit": "%2$s", "kind": "%3$s",
                 "attempts": ["202"], "acceptedAt": "2026-03-01T10:00:00Z"}""".formatted(candidate, commit, kind)));
        candidates.add(
                node("{\"id\": \"%s\", \"application\": \"lab-1\", \"commit\": \"%s\"}".formatted(candidate, commit)));
        deliveries.add(node("{\"deliveryId\": \"d-%s\", \"verdict\": \"candidate\"}".formatted(candidate)));
        event("dev.cdeventsx.slipway-candidate.accepted.0.1.0", """
                {"subject": {"content": {"candidate": "%s", "application": "lab-1", "commit": "%s"}}}""".formatted(candidate, commit));
    }

    /// A build that came and had no release, because a newer one came right after it.
    void passOver(String candidate, String commit, String newer) {
        build(candidate, commit, "GOOD");
        ((ObjectNode) candidates.getLast()).put("passedOverBy", newer);
    }

    /// With its events, what its scripts wrote down, and the notices of its end.
    private void release(String candidate, String commit, String environment, int number, String phase) {
        String id = candidate + "-" + environment;
        ObjectNode release = node("""
                {"id": "%s", "application": "lab-1", "environment": "%s", "number": %d, "phase": "%s",
                 "candidate": "%s", "commit": "%s", "settledAt": "2026-03-01T10:10:00Z", "state": {"phase": "%4$s"}}""".formatted(id, environment, number, phase, candidate, commit));
        ArrayNode plan = release.putArray("plan");
        step(plan, id, "migrate", environment, commit);
        step(plan, id, "deploy", environment, commit);
        ArrayNode back = release.putArray("compensation");
        if (!phase.equals("completed")) {
            step(back, id, "redeploy", environment, "good");
        }
        releases.add(release);
        String ref = "\"release\": {\"id\": \"%s\", \"application\": \"lab-1\", \"environment\": \"lab-1/%s\"}"
                .formatted(id, environment);
        int end = seconds;
        seconds -= 2 * plan.size() + 2 * back.size() + 1;
        event("dev.cdevents.pipelinerun.started.0.3.0", "{\"customData\": {%s, \"steps\": []}}".formatted(ref));
        seconds = end + 1;
        event(
                "dev.cdevents.pipelinerun.finished.0.3.0",
                "{\"customData\": {%s, \"phase\": \"%s\"}}".formatted(ref, phase));
        seconds += 2;
        notice(id, "release-started");
        if (!phase.equals("cancelled")) {
            notice(id, "release-" + phase);
        }
    }

    private void step(ArrayNode plan, String release, String kind, String environment, String version) {
        String id = "%s-%s".formatted(release, kind);
        plan.add(node("{\"id\": \"%s\", \"kind\": \"%s\", \"name\": \"%2$s\", \"state\": \"done\", \"attempts\": 1}"
                .formatted(id, kind)));
        run(id, "77", "lab-1/" + environment, version, release);
    }

    /// What a script writes down when it runs for a key.
    void run(String step, String run, String environment, String version, String release) {
        long from = (START.getEpochSecond() + seconds) * 1_000_000_000;
        seconds += 2;
        String line = "%d %s %s %s deploy %s %s %s";
        effects.add(line.formatted(from, "begin", step, run, environment, version, release));
        effects.add(line.formatted(from + 500_000_000, "effect", step, run, environment, version, release));
        effects.add(line.formatted(from + 1_000_000_000, "end", step, run, environment, version, release));
    }

    void notice(String release, String situation) {
        for (String channel : List.of("email", "slack")) {
            String id = "n-%s-%s-%s".formatted(release, situation, channel);
            notices.add(node("""
                    {"id": "%s", "release": "%s", "situation": "%s", "channel": "%s", "state": "delivered",
                     "unconfirmed": 0}""".formatted(id, release, situation, channel)));
            receive(id, channel.equals("email"));
        }
    }

    void receive(String key, boolean mail) {
        receipts.add(node("{\"receiver\": \"%s\", \"to\": \"%s\", \"key\": \"%s\", \"outcome\": \"accepted\"}"
                .formatted(mail ? "mail" : "hook", mail ? "team@lab-1.example" : "lab-1", key)));
    }

    ObjectNode event(String type, String body) {
        ObjectNode line = node("{\"topic\": \"t\", \"partition\": 0, \"key\": \"k\"}");
        line.put("offset", records.size());
        line.putObject("headers")
                .put("ce_source", "/slipway/deploy-service")
                .put("ce_id", "e-" + ++events)
                .put("ce_type", type)
                .put("ce_time", START.plusSeconds(seconds).toString());
        records.add(line.put("value", body));
        return line;
    }

    private void backup() throws Exception {
        byte[] archive = "rows".getBytes(StandardCharsets.UTF_8);
        Files.createDirectories(archive().getParent());
        Files.write(archive(), archive);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
        backups.add(node("""
                {"id": "b-1", "application": "lab-1", "database": "main", "state": "completed", "sha256": "%s"}""".formatted(sha256)));
        captures.add(
                node("{\"application\": \"lab-1\", \"database\": \"main\", \"status\": 202, \"backup\": \"b-1\"}"));
    }

    Path archive() throws IOException {
        return archives.resolve("lab-1/main/b-1/archive.dump");
    }

    ObjectNode release(String id) {
        return find(releases, "id", id);
    }

    ObjectNode notice(String id) {
        return find(notices, "id", id);
    }

    ObjectNode step(String release, String plan, String kind) {
        List<JsonNode> steps = new ArrayList<>();
        release(release).path(plan).forEach(steps::add);
        return find(steps, "kind", kind);
    }

    private static ObjectNode find(List<JsonNode> nodes, String field, String value) {
        return nodes.stream()
                .filter(node -> node.path(field).asText().equals(value))
                .map(ObjectNode.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
