package dev.slipway.deploy.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.deploy.release.ReleaseState.Course;
import dev.slipway.deploy.release.ReleaseState.Created;
import dev.slipway.deploy.release.ReleaseState.Extent;
import dev.slipway.deploy.release.ReleaseState.Gated;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.release.ReleaseState.Paused;
import dev.slipway.deploy.release.ReleaseState.Ready;
import dev.slipway.deploy.release.ReleaseState.RollingBack;
import dev.slipway.deploy.release.ReleaseState.Running;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.release.ReleaseState.Watching;
import dev.slipway.deploy.release.ReleaseState.WayBack;
import dev.slipway.events.EventCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReleaseStatesTest {
    private static final Instant SINCE = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant DEADLINE = Instant.parse("2026-03-01T14:00:00.123456Z");
    private static final Course COURSE = new Course(7, SINCE, WayBack.OPEN);
    private static final RollingBack ROLLING_BACK =
            new RollingBack(COURSE, Outcome.ROLLED_BACK, Extent.EVERYTHING, "watch", "5 % errors", SINCE);

    static Stream<Arguments> stored() {
        UUID step = UUID.fromString("01900000-0000-7000-8000-000000000001");
        return Stream.of(
                Arguments.of("created", new Created(DEADLINE)),
                Arguments.of("gated", new Gated(List.of("approvals", "backup"), DEADLINE)),
                Arguments.of("ready", new Ready(DEADLINE)),
                Arguments.of("running", new Running(COURSE)),
                Arguments.of("watching", new Watching(new Course(7, SINCE, WayBack.CLOSED), SINCE)),
                Arguments.of(
                        "paused-before-start",
                        new Paused(new Gated(List.of("soak"), DEADLINE), "mara", "a freeze", SINCE, DEADLINE)),
                Arguments.of("paused-under-way", new Paused(new Running(COURSE), "mara", "looks odd", SINCE, DEADLINE)),
                Arguments.of(
                        "held-by-step",
                        new Held(
                                new Watching(COURSE, SINCE),
                                step,
                                "too few requests",
                                List.of(Choice.CONTINUE, Choice.ROLLBACK, Choice.ABANDON),
                                SINCE,
                                DEADLINE)),
                Arguments.of(
                        "held-while-rolling-back",
                        new Held(
                                ROLLING_BACK,
                                null,
                                "the router does not answer",
                                List.of(Choice.RETRY, Choice.ABANDON),
                                SINCE,
                                DEADLINE)),
                Arguments.of("rolling-back", ROLLING_BACK),
                Arguments.of(
                        "abandoned",
                        new RollingBack(
                                new Course(1, SINCE, WayBack.NONE),
                                Outcome.FAILED,
                                Extent.MAINTENANCE_ONLY,
                                "mara",
                                "fix forward",
                                SINCE)),
                Arguments.of("completed", new Settled(Outcome.COMPLETED, "every step is done", COURSE, DEADLINE)),
                Arguments.of("superseded", new Settled(Outcome.SUPERSEDED, "a newer candidate waits", null, DEADLINE)));
    }

    @ParameterizedTest
    @MethodSource("stored")
    void shouldReadWhatEarlierCodeStored(String file, ReleaseState state) {
        assertThat(ReleaseStates.read(golden(file))).isEqualTo(state);
    }

    @ParameterizedTest
    @MethodSource("stored")
    void shouldStoreWithTagsAndWithoutNamesOfClasses(String file, ReleaseState state) throws IOException {
        String written = ReleaseStates.write(state);

        assertThat(json(written)).isEqualTo(json(golden(file)));
        assertThat(written).doesNotContain("dev.slipway", "@class");
    }

    @Test
    void shouldRefuseAnUnknownTag() {
        assertThatThrownBy(() -> ReleaseStates.read("{\"state\":\"dreaming\"}")).hasMessageContaining("dreaming");
    }

    @Test
    void shouldReadAStateThatHasFieldsOfNewerCode() {
        ReleaseState read =
                ReleaseStates.read("{\"state\":\"ready\",\"deadline\":\"2026-03-01T14:00:00.123456Z\",\"later\":1}");

        assertThat(read).isEqualTo(new Ready(DEADLINE));
    }

    private static JsonNode json(String text) throws IOException {
        return EventCodec.json().readTree(text);
    }

    private static String golden(String file) {
        String name = "/states/" + file + ".json";
        try (InputStream in = ReleaseStatesTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
