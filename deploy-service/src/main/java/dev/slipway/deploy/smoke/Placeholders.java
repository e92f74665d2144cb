package dev.slipway.deploy.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.deploy.manifest.Secrets;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Fills the gaps in a suite's texts: `${token}` by what an earlier answer gave, `${env:NAME}` by the value it refers
/// to. A value is never searched for further gaps.
final class Placeholders {
    private static final int LONGEST_VALUE = 100;
    private static final Pattern GAP = Pattern.compile("\\$\\{([^}]*)}");

    private final Secrets secrets;
    private final Map<String, String> captured = new HashMap<>();

    Placeholders(Secrets secrets) {
        this.secrets = secrets;
    }

    /// What was captured is as good as a secret: nobody knows what it opens.
    void capture(String name, String value) {
        captured.put(name, value);
        secrets.remember(value);
    }

    /// @throws MissingCapture when a name was not captured
    String fill(String text) {
        return fill(text, UnaryOperator.identity());
    }

    /// Fills a path: what is put in stays one segment, whatever it holds.
    String fillPath(String path) {
        return fill(
                path, value -> URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    /// Fills the texts of a JSON value, at every depth.
    JsonNode fill(JsonNode node) {
        return switch (node) {
            case TextNode text -> TextNode.valueOf(fill(text.textValue()));
            case ObjectNode object -> {
                ObjectNode filled = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(property -> filled.set(property.getKey(), fill(property.getValue())));
                yield filled;
            }
            case ArrayNode array -> {
                ArrayNode filled = JsonNodeFactory.instance.arrayNode();
                array.forEach(item -> filled.add(fill(item)));
                yield filled;
            }
            default -> node;
        };
    }

    /// A value out of an answer as a report may show it.
    String show(@Nullable JsonNode value) {
        return switch (value) {
            case null -> "missing";
            case TextNode text -> '"' + shortened(secrets.mask(text.textValue())) + '"';
            case ObjectNode _ -> "an object";
            case ArrayNode list -> "a list of " + list.size();
            default -> secrets.mask(value.asText());
        };
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
    }

    private String fill(String text, UnaryOperator<String> encode) {
        return GAP.matcher(text).replaceAll(gap -> {
            boolean reference = gap.group(1).contains(":");
            return Matcher.quoteReplacement(
                    encode.apply(reference ? secrets.resolve(gap.group()) : captured(gap.group(1))));
        });
    }

    private String captured(String name) {
        String value = captured.get(name);
        if (value == null) {
            throw new MissingCapture("needs ${%s}, which no earlier answer gave".formatted(name));
        }
        return value;
    }

    static final class MissingCapture extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingCapture(String message) {
            super(message);
        }
    }
}
