package dev.slipway.notify.notice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.EventCodec;
import dev.slipway.notify.channel.Reason;
import dev.slipway.notify.notice.NoticeState.Delivered;
import dev.slipway.notify.notice.NoticeState.Failed;
import dev.slipway.notify.notice.NoticeState.Pending;
import dev.slipway.notify.notice.NoticeState.Sending;
import dev.slipway.notify.notice.NoticeState.Setback;
import dev.slipway.notify.wording.Content;
import java.io.IOException;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What older versions of this service have stored must be readable by newer ones: these texts are never changed.
class StoredFormTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    static Stream<Arguments> states() {
        return Stream.of(
                Arguments.of("""
                        {"phase":"pending","due":"2026-03-01T10:00:00Z"}""", new Pending(AT, null)),
                Arguments.of("""
                        {"phase":"pending","due":"2026-03-01T10:00:00Z","setback":{"reason":"RATE_LIMITED","detail":"429"}}""", new Pending(AT, new Setback(Reason.RATE_LIMITED, "429"))),
                Arguments.of("""
                        {"phase":"sending","since":"2026-03-01T10:00:00Z"}""", new Sending(AT)),
                Arguments.of("""
                        {"phase":"delivered","at":"2026-03-01T10:00:00Z","receipt":"HTTP 200 ok"}""", new Delivered(AT, "HTTP 200 ok")),
                Arguments.of("""
                        {"phase":"failed","at":"2026-03-01T10:00:00Z","reason":"RECIPIENT_REFUSED","detail":"550"}""", new Failed(AT, Reason.RECIPIENT_REFUSED, "550")));
    }

    @ParameterizedTest
    @MethodSource("states")
    void shouldReadAndWriteEveryStateAsItWasStoredBefore(String stored, NoticeState state) throws IOException {
        assertThat(EventCodec.json().readValue(stored, NoticeState.class)).isEqualTo(state);
        assertThat(EventCodec.json().writerFor(NoticeState.class).writeValueAsString(state))
                .isEqualTo(stored);
    }

    static Stream<Arguments> contents() throws IOException {
        return Stream.of(
                Arguments.of("""
                        {"type":"email","subject":"s","text":"t","html":"<p>t</p>"}""", new Content.Email("s", "t", "<p>t</p>")),
                Arguments.of("""
                        {"type":"slack","subject":"s","payload":{"text":"t"}}""", new Content.Slack("s", EventCodec.json().readTree("{\"text\":\"t\"}"))));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void shouldReadAndWriteEveryContentAsItWasStoredBefore(String stored, Content content) throws IOException {
        assertThat(EventCodec.json().readValue(stored, Content.class)).isEqualTo(content);
        assertThat(EventCodec.json().writerFor(Content.class).writeValueAsString(content))
                .isEqualTo(stored);
    }
}
