package dev.slipway.testkit.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// One operation of a service, as its OpenAPI document has it.
///
/// @param method `GET`
/// @param path `/api/v1/releases/{id}`
/// @param parameters by place: `path`, `query` or `header`
/// @param contentType of the body; empty when there is none
/// @param schema of the body, with references resolved; empty when there is none
public record Operation(
        String method,
        String path,
        List<Parameter> parameters,
        Optional<String> contentType,
        Optional<JsonNode> schema) {
    /// @param in `path`, `query` or `header`
    public record Parameter(String name, String in) {}

    /// `GET /api/v1/releases/{id}`
    public String name() {
        return method + " " + path;
    }

    /// All operations of a document, in its order.
    public static List<Operation> of(JsonNode document) {
        return document.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(operation -> operation.getValue().isObject())
                        .filter(operation -> !operation.getKey().equals("parameters"))
                        .map(operation -> read(document, path.getKey(), path.getValue(), operation.getKey())))
                .toList();
    }

    private static Operation read(JsonNode document, String path, JsonNode shared, String method) {
        JsonNode operation = shared.path(method);
        List<Parameter> parameters = Stream.concat(
                        StreamSupport.stream(shared.path("parameters").spliterator(), false),
                        StreamSupport.stream(operation.path("parameters").spliterator(), false))
                .map(node -> new Parameter(
                        node.path("name").asText(), node.path("in").asText()))
                .toList();
        Optional<Map.Entry<String, JsonNode>> content =
                operation.path("requestBody").path("content").properties().stream()
                        .findFirst();
        return new Operation(
                method.toUpperCase(Locale.ROOT),
                path,
                parameters,
                content.map(Map.Entry::getKey),
                content.map(entry -> resolved(document, entry.getValue().path("schema"))));
    }

    /// The schema that a reference means.
    static JsonNode resolved(JsonNode document, JsonNode schema) {
        String reference = schema.path("$ref").asText("");
        return reference.startsWith("#") ? document.at(reference.substring(1)) : schema;
    }
}
