package dev.slipway.notify.wording;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;

/// A message as its channel takes it, rendered once and stored: every attempt sends the same.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Content.Email.class, name = "email"),
    @JsonSubTypes.Type(value = Content.Slack.class, name = "slack")
})
public sealed interface Content {
    /// The message in one line.
    String subject();

    /// @param subject one line without control characters
    record Email(String subject, String text, String html) implements Content {}

    /// @param payload what is posted: `{"text": …, "blocks": […]}`
    record Slack(String subject, JsonNode payload) implements Content {}
}
