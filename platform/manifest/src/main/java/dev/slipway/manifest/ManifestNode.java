package dev.slipway.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.slipway.events.ManifestSections;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// A place in a manifest and what stands there.
///
/// `something(key)` reads what an object has under a key, `asSomething()` reads this node itself (an item of a list,
/// a value of a map). Whatever is wrong is recorded with path, line and column, and a stand-in is given back, so that
/// the reader goes on; where a value is required, no value is a fault. An object's unknown keys are faults as well,
/// found when its reader is done.
///
/// A reader may build records that refuse their values with an `IllegalArgumentException`: the message becomes a
/// fault at the object's place, unless the object had a fault of its own, of which the refusal is then only a
/// consequence.
///
/// Every text that is read is tried for references; one that does not lead anywhere in this service is a fault. What
/// is given back still holds the reference, never its value.
public final class ManifestNode extends Place {
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();

    ManifestNode(Reading reading, Node node, String path) {
        super(reading, node, path);
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode key) {
                    entries.putIfAbsent(key.getValue(), entry);
                }
            }
        }
    }

    /// The whole document: the sections of every service are known there.
    static ManifestNode root(Reading reading, MappingNode document) {
        ManifestNode root = new ManifestNode(reading, document, "");
        root.known.addAll(ManifestSections.OWNERS.keySet());
        return root;
    }

    // --- the object as a whole, and faults that only the reader can see

    /// Records a fault of what stands under a key, or of the object where nothing does.
    public void fault(String key, String message) {
        Node at = entries.containsKey(key) ? entries.get(key).getValueNode() : node;
        reading.fault(Paths.key(path, key), message, at.getStartMark());
    }

    /// Whether the object has the key.
    public boolean has(String key) {
        known.add(key);
        return entries.containsKey(key);
    }

    /// The object's keys, in order; asking makes all of them known.
    public Set<String> keys() {
        known.addAll(entries.keySet());
        return new LinkedHashSet<>(entries.keySet());
    }

    /// The `name`s of a list's objects, whatever else is wrong with them: for checking what refers to them by name.
    public Set<String> namesIn(String key) {
        return child(key).map(ManifestNode::items).orElse(List.of()).stream()
                .map(item -> item.entries.get("name"))
                .filter(name -> name != null && name.getValueNode() instanceof ScalarNode)
                .map(name -> ((ScalarNode) name.getValueNode()).getValue())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// Records every key that nobody asked for. Called by itself when an object's reader comes back; a reader whose
    /// records may refuse their values calls it before it builds them.
    public void done() {
        if (kindRefused()) {
            return;
        }
        Set<String> unknown = new LinkedHashSet<>(entries.keySet());
        unknown.removeAll(known);
        for (String key : unknown) {
            String message = "is not a known key" + Suggestion.among(known, key);
            reading.fault(
                    Paths.key(path, key), message, entries.get(key).getKeyNode().getStartMark());
        }
        known.addAll(unknown);
    }

    // --- what the object has under a key

    /// Anything, by its reader: `node.required("recipients", ManifestNode::asTexts, List.of())`.
    public <T extends @Nullable Object> T required(String key, Function<ManifestNode, ? extends T> as, T standIn) {
        if (!has(key) && isObject()) {
            fault(key, "is missing");
        }
        Optional<ManifestNode> child = child(key);
        return child.isPresent() ? child.get().read(as, standIn) : standIn;
    }

    /// Anything that may be absent.
    public <T> Optional<T> optional(String key, Function<ManifestNode, T> as) {
        return child(key).flatMap(child -> Optional.ofNullable(child.<@Nullable T>read(as, null)));
    }

    /// A text that is not empty, exactly as written: `1.10` stays `1.10`.
    public String text(String key) {
        return required(key, ManifestNode::asText, "");
    }

    public String text(String key, String fallback) {
        return optionalText(key).orElse(fallback);
    }

    public Optional<String> optionalText(String key) {
        return optional(key, ManifestNode::asText);
    }

    /// Lower-case letters, digits and hyphens, at most 63.
    public String name(String key) {
        return required(key, ManifestNode::asName, "");
    }

    /// A text that must hold a reference: what is secret is never written in a manifest.
    public String secret(String key) {
        return required(key, ManifestNode::asSecret, "");
    }

    public Optional<String> optionalSecret(String key) {
        return optional(key, ManifestNode::asSecret);
    }

    /// An http(s) URL, or references that make one.
    public String url(String key) {
        return required(key, ManifestNode::asUrl, "");
    }

    public Optional<String> optionalUrl(String key) {
        return optional(key, ManifestNode::asUrl);
    }

    /// A TCP port as text, since it may be a reference.
    public String port(String key, int fallback) {
        return optional(key, ManifestNode::asPort).orElse(Integer.toString(fallback));
    }

    /// A whole number from `min` to `max`, both included.
    public int integer(String key, int min, int max) {
        return required(key, node -> node.asInteger(min, max), min);
    }

    public int integer(String key, int min, int max, int fallback) {
        return optional(key, node -> node.asInteger(min, max)).orElse(fallback);
    }

    public List<Integer> integers(String key, int min, int max) {
        return list(key, node -> node.asInteger(min, max));
    }

    /// A number from `min` to `max`, both included.
    public double number(String key, double min, double max, double fallback) {
        return optional(key, node -> node.asNumber(min, max)).orElse(fallback);
    }

    public boolean bool(String key) {
        return required(key, ManifestNode::asBool, false);
    }

    public boolean bool(String key, boolean fallback) {
        return optional(key, ManifestNode::asBool).orElse(fallback);
    }

    /// ISO 8601, above zero: `PT30S`, `P1D`.
    public Duration duration(String key) {
        return required(key, ManifestNode::asDuration, Duration.ofSeconds(1));
    }

    public Duration duration(String key, Duration fallback) {
        return optionalDuration(key).orElse(fallback);
    }

    public Optional<Duration> optionalDuration(String key) {
        return optional(key, ManifestNode::asDuration);
    }

    /// An IANA zone: `America/Los_Angeles`.
    public ZoneId zone(String key) {
        return required(key, ManifestNode::asZone, ZoneId.of("UTC"));
    }

    /// A UNIX cron expression of five fields that comes due at some time.
    public String cron(String key) {
        return required(key, ManifestNode::asCron, "");
    }

    /// One of an enum's constants, written in lower case with hyphens: `LOG_ONLY` as `log-only`.
    public <E extends Enum<E>> E oneOf(String key, Class<E> type) {
        return required(key, node -> node.asOneOf(type), type.getEnumConstants()[0]);
    }

    public <E extends Enum<E>> E oneOf(String key, Class<E> type, E fallback) {
        return optional(key, node -> node.asOneOf(type)).orElse(fallback);
    }

    public String oneOf(String key, List<String> allowed) {
        return required(key, node -> node.asOneOf(allowed), allowed.getFirst());
    }

    /// An object.
    ///
    /// @return null only when there was a fault
    public <T> @Nullable T object(String key, Function<ManifestNode, T> reader) {
        return this.<@Nullable T>required(key, reader, null);
    }

    public <T> Optional<T> optionalObject(String key, Function<ManifestNode, T> reader) {
        return optional(key, reader);
    }

    /// A list of at least one item.
    public <T> List<T> list(String key, Function<ManifestNode, T> reader) {
        List<T> items = required(key, node -> node.asList(reader), List.of());
        child(key).filter(list -> list.items().isEmpty() && list.isList()).ifPresent(list -> list.fault("is empty"));
        return items;
    }

    /// A list of at least one object, no two of which have the same `name`.
    public <T> List<T> named(String key, Function<ManifestNode, T> reader) {
        List<T> items = list(key, reader);
        refuseSameNames(key);
        return items;
    }

    /// A list that may be absent or empty.
    public <T> List<T> optionalList(String key, Function<ManifestNode, T> reader) {
        return optional(key, node -> node.asList(reader)).orElse(List.of());
    }

    /// A list of objects that may be absent or empty, no two of which have the same `name`.
    public <T> List<T> optionalNamed(String key, Function<ManifestNode, T> reader) {
        List<T> items = optionalList(key, reader);
        refuseSameNames(key);
        return items;
    }

    /// A list of at least one text.
    public List<String> texts(String key) {
        return list(key, ManifestNode::asText);
    }

    public List<String> optionalTexts(String key) {
        return optionalList(key, ManifestNode::asText);
    }

    /// A list of at least one [#secret].
    public List<String> secrets(String key) {
        return list(key, ManifestNode::asSecret);
    }

    /// An object whose keys are free.
    public <T> Map<String, T> map(String key, Function<ManifestNode, T> reader) {
        return required(key, node -> node.asMap(reader), Map.of());
    }

    public <T> Map<String, T> optionalMap(String key, Function<ManifestNode, T> reader) {
        return optional(key, node -> node.asMap(reader)).orElse(Map.of());
    }

    public Map<String, String> textMap(String key) {
        return map(key, ManifestNode::asText);
    }

    public Map<String, String> optionalTextMap(String key) {
        return optionalMap(key, ManifestNode::asText);
    }

    /// Anything at all, as JSON: numbers, `true` and `null` as such where they are not quoted.
    public JsonNode json(String key) {
        return required(key, ManifestNode::asJson, NullNode.getInstance());
    }

    public Optional<JsonNode> optionalJson(String key) {
        return optional(key, ManifestNode::asJson);
    }

    // --- this node itself

    /// Anything at all, as JSON: numbers, `true` and `null` as such where they are not quoted; every key is known.
    public JsonNode asJson() {
        known.addAll(entries.keySet());
        return JsonForm.of(reading, node, path);
    }

    public List<String> asTexts() {
        return asList(ManifestNode::asText);
    }

    /// The list's items; those with a fault are left out.
    public <T> List<T> asList(Function<ManifestNode, T> reader) {
        if (!isList()) {
            refuseKind("a list");
        }
        return items().stream()
                .flatMap(item -> Stream.ofNullable(item.<@Nullable T>read(reader, null)))
                .toList();
    }

    /// The object's values by their keys; those with a fault are left out.
    public <T> Map<String, T> asMap(Function<ManifestNode, T> reader) {
        Map<String, T> values = new LinkedHashMap<>();
        if (!isObject()) {
            refuseKind("an object");
        }
        for (String key : keys()) {
            optional(key, reader).ifPresent(value -> values.put(key, value));
        }
        return Collections.unmodifiableMap(values);
    }

    /// Reads this node by a function, whose refusal becomes a fault here, and looks for keys it did not ask for.
    <T extends @Nullable Object> T read(Function<ManifestNode, ? extends T> reader, T standIn) {
        int before = reading.faults().count();
        try {
            T value = reader.apply(this);
            done();
            return value;
        } catch (RuntimeException e) {
            if (reading.faults().count() > before) {
                return standIn;
            }
            if (e instanceof IllegalArgumentException && e.getMessage() != null) {
                fault(e.getMessage());
                return standIn;
            }
            throw e;
        }
    }

    private Optional<ManifestNode> child(String key) {
        known.add(key);
        if (!isObject()) {
            refuseKind("an object");
        }
        NodeTuple entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.getValueNode().getTag().equals(Tag.NULL)) {
            fault(key, "is empty: give it a value or leave the key out");
            return Optional.empty();
        }
        return Optional.of(new ManifestNode(reading, entry.getValueNode(), Paths.key(path, key)));
    }

    private List<ManifestNode> items() {
        List<ManifestNode> items = new ArrayList<>();
        if (node instanceof SequenceNode list) {
            for (int i = 0; i < list.getValue().size(); i++) {
                items.add(new ManifestNode(reading, list.getValue().get(i), Paths.item(path, i)));
            }
        }
        return items;
    }

    private void refuseSameNames(String key) {
        Set<String> seen = new HashSet<>();
        for (ManifestNode item : child(key).map(ManifestNode::items).orElse(List.of())) {
            NodeTuple name = item.entries.get("name");
            if (name != null && name.getValueNode() instanceof ScalarNode text && !seen.add(text.getValue())) {
                item.fault("name", "'%s' is there twice".formatted(text.getValue()));
            }
        }
    }
}
