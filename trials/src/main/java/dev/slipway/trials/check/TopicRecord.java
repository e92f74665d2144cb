package dev.slipway.trials.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;

/// One record as it lay on a topic.
///
/// @param event source and id: what makes an event one
/// @param content digest of key, headers and value
/// @param body of those kinds of events the checks look into; missing for others
record TopicRecord(String place, String event, String type, Instant time, String content, JsonNode body) {
    private static final Set<String> READ = Set.of(
            "dev.cdeventsx.slipway-candidate.accepted",
            "dev.cdevents.pipelinerun.started",
            "dev.cdevents.pipelinerun.finished",
            "dev.cdeventsx.slipway-release.noticeRequested",
            "dev.cdeventsx.slipway-release.held");

    static TopicRecord of(JsonNode line) {
        JsonNode headers = line.path("headers");
        String value = line.path("value").asText();
        String type = withoutVersion(headers.path("ce_type").asText());
        String time = headers.path("ce_time").asText();
        return new TopicRecord(
                "%s-%d@%d"
                        .formatted(
                                line.path("topic").asText(),
                                line.path("partition").asInt(),
                                line.path("offset").asLong()),
                headers.path("ce_source").asText() + " " + headers.path("ce_id").asText(),
                type,
                time.isEmpty() ? Instant.MIN : Instant.parse(time),
                digest(line.path("key").asText() + headers + value),
                READ.contains(type) ? Evidence.json(value) : MissingNode.getInstance());
    }

    boolean is(String kind) {
        return type.endsWith(kind);
    }

    JsonNode content(String field) {
        return body.path("subject").path("content").path(field);
    }

    JsonNode facts(String field) {
        return body.path("customData").path(field);
    }

    private static String withoutVersion(String type) {
        return type.replaceFirst("(\\.\\d+){3}$", "");
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
