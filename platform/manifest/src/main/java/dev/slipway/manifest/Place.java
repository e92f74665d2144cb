package dev.slipway.manifest;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// The half of [ManifestNode] that reads the node itself.
abstract sealed class Place permits ManifestNode {
    final Reading reading;
    final Node node;
    final String path;
    private boolean kindRefused;

    Place(Reading reading, Node node, String path) {
        this.reading = reading;
        this.node = node;
        this.path = path;
    }

    /// `environments[1].gates`; empty for the document.
    public String path() {
        return path;
    }

    /// Records a fault of this node.
    public void fault(String message) {
        reading.fault(path, message, node.getStartMark());
    }

    public boolean isText() {
        return node instanceof ScalarNode;
    }

    public boolean isObject() {
        return node instanceof MappingNode;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    /// A text that is not empty, exactly as written: `1.10` stays `1.10`.
    public String asText() {
        return value(Function.identity(), "");
    }

    /// Lower-case letters, digits and single hyphens, at most 63.
    public String asName() {
        return value(Scalars::name, "");
    }

    /// A text that must hold a reference: what is secret is never written in a manifest.
    public String asSecret() {
        String text = asText();
        if (!text.isEmpty() && !References.isIn(text)) {
            fault("must be a reference such as ${env:SLIPWAY_REF_NAME}: a secret is never written in a manifest");
        }
        return text;
    }

    /// An http(s) URL, or references that make one.
    public String asUrl() {
        return resolvedValue(Scalars::url);
    }

    /// A TCP port as text, since it may be a reference.
    public String asPort() {
        return resolvedValue(port -> Scalars.integer(port, 1, 65_535));
    }

    /// A whole number from `min` to `max`, both included, not quoted.
    public int asInteger(int min, int max) {
        return value(text -> Scalars.integer(unquoted(text), min, max), min);
    }

    /// A number from `min` to `max`, both included, not quoted.
    public double asNumber(double min, double max) {
        return value(text -> Scalars.number(unquoted(text), min, max), min);
    }

    public boolean asBool() {
        return value(text -> Scalars.bool(unquoted(text)), false);
    }

    /// ISO 8601, above zero: `PT30S`, `P1D`.
    public Duration asDuration() {
        return value(Scalars::duration, Duration.ofSeconds(1));
    }

    /// An IANA zone: `America/Los_Angeles`.
    public ZoneId asZone() {
        return value(Scalars::zone, ZoneId.of("UTC"));
    }

    /// A UNIX cron expression of five fields that comes due at some time.
    public String asCron() {
        return value(Scalars::cron, "");
    }

    /// One of an enum's constants, written in lower case with hyphens: `LOG_ONLY` as `log-only`.
    public <E extends Enum<E>> E asOneOf(Class<E> type) {
        return value(text -> Scalars.oneOf(text, type), type.getEnumConstants()[0]);
    }

    public String asOneOf(List<String> allowed) {
        return value(text -> Scalars.oneOf(text, allowed), allowed.getFirst());
    }

    /// Said once: everything else about a node of the wrong kind follows from it.
    void refuseKind(String wanted) {
        if (kindRefused) {
            return;
        }
        kindRefused = true;
        String found = switch (node) {
            case MappingNode _ -> "an object";
            case SequenceNode _ -> "a list";
            default -> "a single value";
        };
        fault("must be %s, not %s".formatted(wanted, found));
    }

    boolean kindRefused() {
        return kindRefused;
    }

    private <T> T value(Function<String, T> parse, T standIn) {
        if (!(node instanceof ScalarNode scalar)) {
            refuseKind("a single value");
            return standIn;
        }
        String text = scalar.getValue();
        if (text.isBlank() || scalar.getTag().equals(Tag.NULL)) {
            fault("is empty");
            return standIn;
        }
        if (!reading.leadsSomewhere(text, path, node.getStartMark())) {
            return standIn;
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            fault(e.getMessage());
            return standIn;
        }
    }

    /// A text that is right when what its references lead to is; the fault shows the text, never the value.
    private String resolvedValue(Consumer<String> check) {
        return value(
                text -> {
                    if (!References.isIn(text)) {
                        check.accept(text);
                    } else {
                        reading.references().ifPresent(all -> checkHidden(check, all.resolve(text), text));
                    }
                    return text;
                },
                "");
    }

    private static void checkHidden(Consumer<String> check, String value, String text) {
        try {
            check.accept(value);
        } catch (Scalars.Refused e) {
            throw e.of(text);
        }
    }

    private String unquoted(String text) {
        if (node instanceof ScalarNode scalar && !scalar.isPlain()) {
            throw new IllegalArgumentException("must be written without quotes");
        }
        return text;
    }
}
