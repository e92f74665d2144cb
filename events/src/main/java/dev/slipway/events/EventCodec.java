package dev.slipway.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes and reads events as CDEvents 0.5.1 JSON inside CloudEvents 1.0, binary mode: attributes as `ce_*` headers,
/// the whole CDEvent as the value.
public final class EventCodec {
    public static final String SPEC_VERSION = "0.5.1";

    /// Between these every database and every calendar agrees.
    private static final int FIRST_YEAR = 1970;

    private static final int LAST_YEAR = 9999;

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
        return toJson(Envelope.of(event), JSON.valueToTree(event.data()));
    }

    /// The CDEvent as JSON, also of a type that only a newer program knows.
    ///
    /// @param data as [#json()] writes the event's record
    public static ObjectNode toJson(Envelope envelope, JsonNode data) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("context")
                .put("specversion", SPEC_VERSION)
                .put("id", envelope.id().toString())
                .put("source", envelope.source())
                .put("type", envelope.type())
                .put("timestamp", envelope.time().toString())
                .put("chainId", envelope.chainId().toString());
        ObjectNode subject = root.putObject("subject").put("id", envelope.subject());
        if (envelope.type().startsWith(Catalogue.CUSTOM)) {
            subject.set("content", data);
        } else {
            subject.set("content", data.get("content"));
            root.set("customData", data.get("customData"));
            root.put("customDataContentType", "application/json");
        }
        return root;
    }

    /// The Kafka headers of an event in binary mode.
    public static Map<String, String> headers(Event<?> event) {
        return headers(Envelope.of(event));
    }

    /// The Kafka headers of an event in binary mode.
    public static Map<String, String> headers(Envelope envelope) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", envelope.id().toString());
        headers.put("ce_source", envelope.source());
        headers.put("ce_type", envelope.type());
        headers.put("ce_subject", envelope.subject());
        headers.put("ce_time", envelope.time().toString());
        headers.put("content-type", "application/json");
        return headers;
    }

    /// Reads the value of a record.
    ///
    /// @return empty when the type is not in the catalogue: a consumer ignores what it does not know
    /// @throws UnreadableEvent when the bytes are no event, or a required field is missing, with the field's path
    public static Optional<Event<?>> read(byte[] value) {
        JsonNode root = tree(value);
        return Catalogue.ofType(type(root)).map(entry -> read(root, entry, _ -> {}));
    }

    /// The value of a record as JSON.
    ///
    /// @throws UnreadableEvent when it is no JSON object, or holds what no database takes
    public static JsonNode tree(byte[] value) {
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
        refuseNul(root, "");
        return root;
    }

    /// What kind of event it is; not every kind is in the catalogue.
    ///
    /// @throws UnreadableEvent when it does not say so
    public static String type(JsonNode root) {
        return text(root, "context", "type");
    }

    /// Reads an event whose kind is known.
    ///
    /// @param unknownField told of each field of the event's data that this program does not know, and ignores
    /// @throws UnreadableEvent when a required field is missing or is not what it should be, with the field's path
    public static Event<?> read(JsonNode root, Catalogue.Entry entry, Consumer<String> unknownField) {
        return new Event<>(
                uuid(root, "context", "id"),
                text(root, "context", "source"),
                text(root, "subject", "id"),
                instant(root, "context", "timestamp"),
                uuid(root, "context", "chainId"),
                data(root, entry, unknownField));
    }

    private static void refuseNul(JsonNode node, String path) {
        if (node.isTextual() && node.textValue().indexOf('\0') >= 0) {
            throw new UnreadableEvent("a NUL character in " + path);
        }
        node.properties().forEach(member -> {
            if (member.getKey().indexOf('\0') >= 0) {
                throw new UnreadableEvent("a NUL character in a field's name below " + path);
            }
            refuseNul(member.getValue(), path.isEmpty() ? member.getKey() : path + "." + member.getKey());
        });
        if (node.isArray()) {
            node.forEach(item -> refuseNul(item, path + "[]"));
        }
    }

    private static EventData data(JsonNode root, Catalogue.Entry entry, Consumer<String> unknownField) {
        JsonNode content = at(root, "subject", "content");
        JsonNode data = content;
        if (EventData.Standard.class.isAssignableFrom(entry.data())) {
            data = JSON.createObjectNode()
                    .<ObjectNode>set("content", content)
                    .set("customData", at(root, "customData"));
        }
        try {
            EventData read = JSON.readerFor(entry.data())
                    .withHandler(new Unknown(unknownField))
                    .readValue(data);
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
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getYear() >= FIRST_YEAR && time.getYear() <= LAST_YEAR) {
                return time.toInstant();
            }
        } catch (DateTimeException _) {
            // said below
        }
        throw new UnreadableEvent("not a time: %s is '%s'".formatted(String.join(".", path), text));
    }

    /// Hears of every field that no record has.
    private static final class Unknown extends DeserializationProblemHandler {
        private final Consumer<String> field;

        Unknown(Consumer<String> field) {
            this.field = field;
        }

        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                @Nullable JsonDeserializer<?> deserializer,
                Object beanOrClass,
                String propertyName)
                throws IOException {
            field.accept(propertyName);
            parser.skipChildren();
            return true;
        }
    }
}
