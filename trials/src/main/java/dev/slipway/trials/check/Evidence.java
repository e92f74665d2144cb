package dev.slipway.trials.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a run left behind, one file per source.
///
/// @param expected how the applications are set up: who hears of what, where backups lie
/// @param webhooks deliveries as their sender wrote them down; `cancels`, `captures` and `choices` are a
/// person's
/// @param faults what was done to the suite; `resent` which records were sent again
/// @param receipts what receivers of notices wrote down
/// @param releases with their plans; these and the next four lists are what a person can read over REST
/// @param environments with what is really installed there
/// @param processes how the services' processes are at the end
/// @param shop orders the customers had confirmed beside orders in the shop's database
/// @param records everything on the topics
/// @param effects what the scripts wrote down
public record Evidence(
        JsonNode expected,
        List<JsonNode> webhooks,
        List<JsonNode> cancels,
        List<JsonNode> captures,
        List<JsonNode> choices,
        List<JsonNode> faults,
        List<JsonNode> resent,
        List<JsonNode> receipts,
        List<JsonNode> releases,
        List<JsonNode> candidates,
        List<JsonNode> deliveries,
        List<JsonNode> notices,
        List<JsonNode> backups,
        List<JsonNode> environments,
        List<JsonNode> processes,
        JsonNode shop,
        List<TopicRecord> records,
        List<Effect> effects) {
    static final JsonMapper JSON = new JsonMapper();

    /// Reads the files of a folder.
    public static Evidence read(Path folder) throws IOException {
        return new Evidence(
                JSON.readTree(folder.resolve("expected.json").toFile()),
                lines(folder, "webhooks"),
                lines(folder, "cancels"),
                lines(folder, "captures"),
                lines(folder, "choices"),
                lines(folder, "faults"),
                lines(folder, "resent"),
                lines(folder, "receipts"),
                lines(folder, "releases"),
                lines(folder, "candidates"),
                lines(folder, "deliveries"),
                lines(folder, "notices"),
                lines(folder, "backups"),
                lines(folder, "environments"),
                lines(folder, "processes"),
                JSON.readTree(folder.resolve("shop.json").toFile()),
                records(folder.resolve("records.jsonl")),
                effects(folder.resolve("effects.log")));
    }

    private static List<JsonNode> lines(Path folder, String name) throws IOException {
        try (Stream<String> lines = Files.lines(folder.resolve(name + ".jsonl"))) {
            return lines.map(Evidence::json).toList();
        }
    }

    private static List<TopicRecord> records(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(Evidence::json).map(TopicRecord::of).toList();
        }
    }

    private static List<Effect> effects(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(Effect::of).toList();
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException("a line of evidence is not JSON: " + text, e);
        }
    }

    /// Whether the application is one of the lab's, whose scripts write everything down.
    boolean isLab(String application) {
        return expected.path("lab").has(application);
    }
}
