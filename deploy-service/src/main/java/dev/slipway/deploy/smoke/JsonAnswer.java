package dev.slipway.deploy.smoke;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.io.IOException;
import java.util.Optional;

/// An answer's body, read by JSON paths.
final class JsonAnswer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Configuration PATHS = Configuration.builder()
            .jsonProvider(new JacksonJsonNodeJsonProvider(JSON))
            .mappingProvider(new JacksonMappingProvider(JSON))
            .build();

    private final JsonNode root;

    private JsonAnswer(JsonNode root) {
        this.root = root;
    }

    /// @return empty when the body is not JSON
    static Optional<JsonAnswer> read(byte[] body) {
        try {
            JsonNode root = JSON.readTree(body);
            return root.isMissingNode() ? Optional.empty() : Optional.of(new JsonAnswer(root));
        } catch (JacksonException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory could not be read", e);
        }
    }

    /// @return empty when nothing is there
    Optional<JsonNode> at(String path) {
        try {
            return Optional.ofNullable(JsonPath.using(PATHS).parse(root).<JsonNode>read(path));
        } catch (PathNotFoundException _) {
            return Optional.empty();
        }
    }

    /// Numbers are the same when they have the same value, however written: 1 and 1.0.
    static boolean same(JsonNode expected, JsonNode actual) {
        return expected.isNumber() && actual.isNumber()
                ? expected.decimalValue().compareTo(actual.decimalValue()) == 0
                : expected.equals(actual);
    }
}
