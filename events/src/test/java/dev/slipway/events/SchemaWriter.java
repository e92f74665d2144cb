package dev.slipway.events;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Writes the JSON Schema (draft 2020-12) of an event from its record, so that the two cannot drift apart.
/// Unknown fields are allowed everywhere but in the content CDEvents closes: changes are additive.
final class SchemaWriter {
    private SchemaWriter() {}

    static ObjectNode schema(Catalogue.Entry entry) {
        ObjectNode schema = EventCodec.json().createObjectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", entry.type());
        schema.put(
                "description", "%s says it on %s, keyed by %s".formatted(entry.producer(), entry.topic(), entry.key()));
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.set("context", context(entry));
        ObjectNode subject = object("id", "content");
        text(subject.withObject("properties").putObject("id"));
        properties.set("subject", subject);
        ArrayNode required = schema.putArray("required").add("context").add("subject");
        if (EventData.Standard.class.isAssignableFrom(entry.data())) {
            RecordComponent[] parts = entry.data().getRecordComponents();
            ObjectNode content = type(parts[0].getGenericType());
            content.put("additionalProperties", false);
            subject.withObject("properties").set("content", content);
            properties.set("customData", type(parts[1].getGenericType()));
            required.add("customData");
        } else {
            subject.withObject("properties").set("content", type(entry.data()));
        }
        return schema;
    }

    private static ObjectNode context(Catalogue.Entry entry) {
        ObjectNode context = object("specversion", "id", "source", "type", "timestamp", "chainId");
        ObjectNode properties = context.withObject("properties");
        properties.putObject("specversion").put("const", EventCodec.SPEC_VERSION);
        properties.set("id", type(UUID.class));
        text(properties.putObject("source"));
        properties.putObject("type").put("const", entry.type());
        properties.set("timestamp", type(Instant.class));
        properties.set("chainId", type(UUID.class));
        return context;
    }

    private static ObjectNode object(String... required) {
        ObjectNode schema = EventCodec.json().createObjectNode().put("type", "object");
        schema.putObject("properties");
        ArrayNode names = schema.putArray("required");
        List.of(required).forEach(names::add);
        return schema;
    }

    private static void text(ObjectNode schema) {
        schema.put("type", "string").put("minLength", 1);
    }

    private static ObjectNode type(Type type) {
        ObjectNode schema = EventCodec.json().createObjectNode();
        return switch (type) {
            case ParameterizedType list
            when list.getRawType() == List.class -> {
                schema.put("type", "array").set("items", type(list.getActualTypeArguments()[0]));
                yield schema;
            }
            case ParameterizedType map
            when map.getRawType() == Map.class -> {
                schema.put("type", "object").set("additionalProperties", type(map.getActualTypeArguments()[1]));
                yield schema;
            }
            case Class<?> record when record.isRecord() -> record(record);
            case Class<?> simple -> simple(schema, simple);
            default -> throw new IllegalArgumentException("no schema for " + type);
        };
    }

    private static ObjectNode simple(ObjectNode schema, Class<?> type) {
        if (type == String.class) {
            return schema.put("type", "string");
        } else if (type == UUID.class) {
            return schema.put("type", "string").put("format", "uuid");
        } else if (type == Instant.class) {
            return schema.put("type", "string").put("format", "date-time");
        } else if (type == Duration.class) {
            return schema.put("type", "string").put("format", "duration");
        } else if (type == int.class || type == long.class || type == Integer.class) {
            return schema.put("type", "integer");
        } else if (type == double.class) {
            return schema.put("type", "number");
        } else if (type == boolean.class) {
            return schema.put("type", "boolean");
        }
        throw new IllegalArgumentException("no schema for " + type);
    }

    private static ObjectNode record(Class<?> record) {
        ObjectNode schema = object();
        for (RecordComponent component : record.getRecordComponents()) {
            schema.withObject("properties").set(component.getName(), type(component.getGenericType()));
            if (!RequiredFields.isNullable(component)) {
                schema.withArray("required").add(component.getName());
            }
        }
        return schema;
    }
}
