package dev.slipway.notify.notice;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.slipway.notify.channel.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a notice stands. Stored as JSON with the state's name in `phase`.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "phase")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NoticeState.Pending.class, name = "pending"),
    @JsonSubTypes.Type(value = NoticeState.Sending.class, name = "sending"),
    @JsonSubTypes.Type(value = NoticeState.Delivered.class, name = "delivered"),
    @JsonSubTypes.Type(value = NoticeState.Failed.class, name = "failed")
})
sealed interface NoticeState {

    /// Waits for its first or next attempt. @param setback why the attempt before failed; absent before the first
    record Pending(Instant due, @Nullable Setback setback) implements NoticeState {}

    /// An attempt is under way, or its end was never recorded.
    record Sending(Instant since) implements NoticeState {}

    /// The receiver has it. @param receipt what it answered
    record Delivered(Instant at, String receipt) implements NoticeState {}

    /// Given up. @param detail for people
    record Failed(Instant at, Reason reason, String detail) implements NoticeState {}

    record Setback(Reason reason, String detail) {}

    /// The column's value, the same as the tag in the JSON.
    default String phase() {
        return switch (this) {
            case Pending _ -> "pending";
            case Sending _ -> "sending";
            case Delivered _ -> "delivered";
            case Failed _ -> "failed";
        };
    }
}
