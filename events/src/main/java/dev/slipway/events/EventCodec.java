package dev.slipway.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Writes and reads events as CDEvents 0.5.1 JSON inside CloudEvents 1.0, binary mode: attributes as `ce_*` headers,
/// the whole CDEvent as the value.
public final class EventCodec {
    public static final String SPEC_VERSION = "0.5.1";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private EventCodec() {}

    /// The mapper every service uses for what it stores of events, so that times and durations look the same
    /// everywhere.
    public static ObjectMapper json() {
        return JSON;
    }

    /// The CDEvent as JSON.
    public static ObjectNode toJson(Event<?> event) {
        Catalogue.Entry entry = Catalogue.of(event.data().getClass());
        ObjectNode root = JSON.createObjectNode();
        root.putObject("context")
                .put("specversion", SPEC_VERSION)
                .put("id", event.id().toString())
                .put("source", event.source())
                .put("type", entry.type())
                .put("timestamp", event.time().toString())
                .put("chainId", event.chainId().toString());
        ObjectNode subject = root.putObject("subject").put("id", event.subject());
        JsonNode data = JSON.valueToTree(event.data());
        switch (event.data()) {
            case EventData.Custom _ -> subject.set("content", data);
            case EventData.Standard _ -> {
                subject.set("content", data.get("content"));
                root.set("customData", data.get("customData"));
                root.put("customDataContentType", "application/json");
            }
        }
        return root;
    }

    /// The Kafka headers of an event in binary mode.
    public static Map<String, String> headers(Event<?> event) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", event.id().toString());
        headers.put("ce_source", event.source());
        headers.put("ce_type", Catalogue.of(event.data().getClass()).type());
        headers.put("ce_subject", event.subject());
        headers.put("ce_time", event.time().toString());
        headers.put("content-type", "application/json");
        return headers;
    }

    /// Reads the value of a record.
    ///
    /// @return empty when the type is not in the catalogue: a consumer ignores what it does not know
    /// @throws UnreadableEvent when the bytes are no event, or a required field is missing, with the field's path
    public static Optional<Event<?>> read(byte[] value) {
        JsonNode root;
        try {
            root = JSON.readTree(value);
        } catch (IOException e) {
            throw new UnreadableEvent("the value is not JSON: "
                    + e.getMessage().lines().findFirst().orElse(""));
        }
        if (root == null || !root.isObject()) {
            throw new UnreadableEvent("the value is not a JSON object");
        }
        String type = text(root, "context", "type");
        return Catalogue.ofType(type).map(entry -> read(root, entry));
    }

    private static Event<?> read(JsonNode root, Catalogue.Entry entry) {
        return new Event<>(
                uuid(root, "context", "id"),
                text(root, "context", "source"),
                text(root, "subject", "id"),
                instant(root, "context", "timestamp"),
                uuid(root, "context", "chainId"),
                data(root, entry));
    }

    private static EventData data(JsonNode root, Catalogue.Entry entry) {
        JsonNode content = at(root, "subject", "content");
        JsonNode data = content;
        if (EventData.Standard.class.isAssignableFrom(entry.data())) {
            data = JSON.createObjectNode()
                    .<ObjectNode>set("content", content)
                    .set("customData", at(root, "customData"));
        }
        try {
            EventData read = JSON.treeToValue(data, entry.data());
            RequiredFields.check(read);
            return read;
        } catch (IOException e) {
            throw new UnreadableEvent(
                    entry.type() + ": " + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    private static JsonNode at(JsonNode root, String... path) {
        JsonNode node = root;
        for (String name : path) {
            node = node.path(name);
        }
        if (node.isMissingNode() || node.isNull()) {
            throw new UnreadableEvent("missing " + String.join(".", path));
        }
        return node;
    }

    private static String text(JsonNode root, String... path) {
        JsonNode node = at(root, path);
        if (!node.isTextual() || node.textValue().isBlank()) {
            throw new UnreadableEvent("not a text: " + String.join(".", path));
        }
        return node.textValue();
    }

    private static UUID uuid(JsonNode root, String... path) {
        String text = text(root, path);
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            throw new UnreadableEvent("not a UUID: %s is '%s'".formatted(String.join(".", path), text));
        }
    }

    private static Instant instant(JsonNode root, String... path) {
        String text = text(root, path);
        try {
            return java.time.OffsetDateTime.parse(text).toInstant();
        } catch (java.time.DateTimeException _) {
            throw new UnreadableEvent("not a time: %s is '%s'".formatted(String.join(".", path), text));
        }
    }
}
