package dev.slipway.notify.notice;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.notify.notice.NoticeState.Delivered;
import dev.slipway.notify.notice.NoticeState.Failed;
import dev.slipway.notify.notice.NoticeState.Pending;
import dev.slipway.notify.notice.NoticeState.Sending;
import dev.slipway.notify.notice.NoticeState.Setback;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A notice as the list shows it.
///
/// @param address masked: `a***@shop.example`
/// @param state `pending`, `sending`, `delivered` or `failed`
/// @param attempts attempts begun
/// @param unconfirmed attempts that ended without an answer: each may have been accepted
/// @param reason a closed set of codes: why it failed, or why the last attempt did
/// @param detail the same for people
/// @param nextAttemptAt while it is pending
@JsonInclude(JsonInclude.Include.NON_NULL)
record NoticeView(
        UUID id,
        String situation,
        String application,
        @Nullable UUID release,
        String audience,
        String channel,
        String address,
        String state,
        int attempts,
        int unconfirmed,
        @Nullable String reason,
        @Nullable String detail,
        String subject,
        Instant createdAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant deliveredAt) {

    static NoticeView of(Notice notice) {
        return switch (notice.state()) {
            case Pending(Instant due, Setback setback) ->
                setback == null
                        ? of(notice, null, null, due, null)
                        : of(notice, setback.reason().label(), setback.detail(), due, null);
            case Sending _ -> of(notice, null, null, null, null);
            case Delivered delivered -> of(notice, null, delivered.receipt(), null, delivered.at());
            case Failed failed -> of(notice, failed.reason().label(), failed.detail(), null, null);
        };
    }

    private static NoticeView of(
            Notice notice,
            @Nullable String reason,
            @Nullable String detail,
            @Nullable Instant nextAttemptAt,
            @Nullable Instant deliveredAt) {
        return new NoticeView(
                notice.id(),
                notice.situation().label(),
                notice.application(),
                notice.release(),
                notice.recipient().audience(),
                notice.recipient().channel().label(),
                notice.recipient().masked(),
                notice.state().phase(),
                notice.tally().attempts(),
                notice.tally().unconfirmed(),
                reason,
                detail,
                notice.content().subject(),
                notice.createdAt(),
                nextAttemptAt,
                deliveredAt);
    }
}
