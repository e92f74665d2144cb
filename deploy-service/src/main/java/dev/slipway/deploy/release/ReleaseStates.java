package dev.slipway.deploy.release;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.events.EventCodec;

/// Stored states: JSON with an explicit tag per state, never the name of a class, so that newer code reads what older
/// code left. The files under `states/` in the tests were written by earlier versions and must stay readable.
final class ReleaseStates {
    private static final ObjectMapper JSON = EventCodec.json()
            .copy()
            .addMixIn(ReleaseState.class, Tagged.class)
            .addMixIn(Outcome.class, ByTag.class)
            .addMixIn(Choice.class, ByTag.class)
            .addMixIn(ReleaseState.WayBack.class, ByTag.class)
            .addMixIn(ReleaseState.Extent.class, ByTag.class);

    private ReleaseStates() {}

    static String write(ReleaseState state) {
        try {
            return JSON.writerFor(ReleaseState.class).writeValueAsString(state);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be stored: " + state, e);
        }
    }

    static ReleaseState read(String json) {
        try {
            return JSON.readValue(json, ReleaseState.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no stored state: " + json, e);
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
    @JsonSubTypes({
        @Type(name = "created", value = ReleaseState.Created.class),
        @Type(name = "gated", value = ReleaseState.Gated.class),
        @Type(name = "ready", value = ReleaseState.Ready.class),
        @Type(name = "running", value = ReleaseState.Running.class),
        @Type(name = "watching", value = ReleaseState.Watching.class),
        @Type(name = "paused", value = ReleaseState.Paused.class),
        @Type(name = "held", value = ReleaseState.Held.class),
        @Type(name = "rollingBack", value = ReleaseState.RollingBack.class),
        @Type(name = "settled", value = ReleaseState.Settled.class)
    })
    private interface Tagged {}

    private interface ByTag {
        @JsonValue
        String tag();
    }
}
