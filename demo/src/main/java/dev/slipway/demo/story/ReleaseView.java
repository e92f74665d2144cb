package dev.slipway.demo.story;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A release as deploy-service shows it over REST, as far as the story looks at it.
///
/// @param number absent until it starts
/// @param target the colour it is deployed to; absent until it starts
/// @param reason why it is in its phase, where the phase has one
/// @param downtime how long maintenance mode was on; absent when it never was
/// @param steps the plan forward, then what undoes it
/// @param json the whole answer
public record ReleaseView(
        UUID id,
        UUID candidate,
        String environment,
        @Nullable Integer number,
        String phase,
        String reason,
        String version,
        @Nullable String target,
        @Nullable Instant startedAt,
        @Nullable Instant settledAt,
        @Nullable Duration downtime,
        List<Gate> gates,
        List<Step> steps,
        JsonNode json) {

    /// @param verdict `open`, `hold` or `deny`
    public record Gate(String name, String verdict, String reason) {
        public boolean open() {
            return verdict.equals("open");
        }
    }

    /// @param state `pending`, `running`, `waiting`, `done`, `broken`, `skipped` or `stopped`
    /// @param back true for a step that undoes
    /// @param took absent while it goes on
    public record Step(
            UUID id,
            String kind,
            String name,
            int percent,
            String state,
            boolean back,
            @Nullable Duration took,
            String note,
            String evidence) {
        public boolean done() {
            return state.equals("done");
        }
    }

    static ReleaseView of(JsonNode json) {
        List<Gate> gates = new ArrayList<>();
        json.path("gates")
                .forEach(gate -> gates.add(new Gate(text(gate, "gate"), text(gate, "verdict"), text(gate, "reason"))));
        List<Step> steps = new ArrayList<>();
        json.path("plan").forEach(step -> steps.add(step(step)));
        json.path("compensation").forEach(step -> steps.add(step(step)));
        return new ReleaseView(
                UUID.fromString(text(json, "id")),
                UUID.fromString(text(json, "candidate")),
                text(json, "environment"),
                json.hasNonNull("number") ? json.path("number").asInt() : null,
                text(json, "phase"),
                text(json.path("state"), "reason"),
                text(json, "version"),
                optional(json, "target").orElse(null),
                optional(json, "startedAt").map(Instant::parse).orElse(null),
                optional(json, "settledAt").map(Instant::parse).orElse(null),
                optional(json, "downtime").map(Duration::parse).orElse(null),
                gates,
                steps,
                json);
    }

    /// Not started yet: its gates are being asked.
    public boolean waits() {
        return List.of("created", "gated", "ready").contains(phase);
    }

    public boolean over() {
        return settledAt != null;
    }

    /// `v2 in production`, `release in production` before it has a number.
    public String name() {
        return (number == null ? "release" : "v" + number) + " in " + environment;
    }

    public Optional<Gate> gate(String name) {
        return gates.stream().filter(gate -> gate.name().equals(name)).findFirst();
    }

    public Optional<Step> step(String kind) {
        return steps.stream().filter(step -> step.kind().equals(kind)).findFirst();
    }

    private static Step step(JsonNode json) {
        return new Step(
                UUID.fromString(text(json, "id")),
                text(json, "kind"),
                text(json, "name"),
                json.path("percent").asInt(),
                text(json, "state"),
                text(json, "direction").equals("back"),
                optional(json, "took").map(Duration::parse).orElse(null),
                text(json, "note"),
                text(json, "evidence"));
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText();
    }

    private static Optional<String> optional(JsonNode node, String field) {
        return node.hasNonNull(field) ? Optional.of(node.path(field).asText()) : Optional.empty();
    }
}
