package dev.slipway.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// A part of a manifest as JSON, for what is passed on as it is: bodies to send, values to expect.
final class JsonForm {
    private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

    private JsonForm() {}

    static JsonNode of(Reading reading, Node node, String path) {
        return switch (node) {
            case MappingNode mapping -> {
                ObjectNode object = JSON.objectNode();
                mapping.getValue().forEach(entry -> {
                    if (entry.getKeyNode() instanceof ScalarNode key) {
                        String below = Paths.key(path, key.getValue());
                        object.set(key.getValue(), of(reading, entry.getValueNode(), below));
                    }
                });
                yield object;
            }
            case SequenceNode sequence -> {
                ArrayNode array = JSON.arrayNode();
                List<Node> items = sequence.getValue();
                for (int i = 0; i < items.size(); i++) {
                    array.add(of(reading, items.get(i), Paths.item(path, i)));
                }
                yield array;
            }
            case ScalarNode scalar -> {
                reading.leadsSomewhere(scalar.getValue(), path, scalar.getStartMark());
                yield scalar(scalar.getTag(), scalar.getValue());
            }
            default -> throw new IllegalStateException("no node of a composed tree: " + node.getNodeId());
        };
    }

    private static JsonNode scalar(Tag tag, String text) {
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return JSON.booleanNode(Boolean.parseBoolean(text));
        }
        if (tag.equals(Tag.INT)) {
            return JSON.numberNode(new BigInteger(text));
        }
        return tag.equals(Tag.FLOAT) ? JSON.numberNode(new BigDecimal(text)) : JSON.textNode(text);
    }
}
