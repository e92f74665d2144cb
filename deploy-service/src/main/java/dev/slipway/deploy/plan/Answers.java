package dev.slipway.deploy.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.events.Catalogue;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;

/// Answers of other services as they are kept: the type from the catalogue and what the event said.
public final class Answers {
    private static final ObjectMapper JSON = EventCodec.json();

    private Answers() {}

    public static String write(EventData answer) {
        return JSON.createObjectNode()
                .put("type", Catalogue.of(answer.getClass()).type())
                .set("data", JSON.valueToTree(answer))
                .toString();
    }

    public static EventData read(String json) {
        try {
            JsonNode kept = JSON.readTree(json);
            String type = kept.path("type").asText();
            Catalogue.Entry entry = Catalogue.ofType(type)
                    .orElseThrow(() -> new IllegalStateException("the catalogue has no type " + type));
            return JSON.treeToValue(kept.path("data"), entry.data());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a kept answer is unreadable: " + e.getOriginalMessage(), e);
        }
    }
}
