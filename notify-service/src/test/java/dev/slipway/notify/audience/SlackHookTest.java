package dev.slipway.notify.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlackHookTest {
    private static final String SECRET = "T024/B024/s3cr3t";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hooks.slack.example/T024/B024/s3cr3t",
                "ftp://hooks.slack.example/T024/B024/s3cr3t",
                "https://user:s3cr3t@hooks.slack.example/",
                "https:///T024/B024/s3cr3t",
                "hooks.slack.example/T024/B024/s3cr3t",
                "https://hooks.slack.example/s3cr3t\nX: y",
                "s3cr3t"
            })
    void shouldRefuseWhatCouldGiveTheSecretAway(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SlackHook.parse(text))
                .withMessageStartingWith("not a webhook's URL")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("s3cr3t"));
    }

    @Test
    void shouldAllowPlainHttpOnThisMachineOnly() {
        assertThat(SlackHook.parse("http://127.0.0.1:8099/hook").masked()).isEqualTo("127.0.0.1/***");
        assertThat(SlackHook.parse("http://localhost:8099/hook").masked()).isEqualTo("localhost/***");
    }

    @Test
    void shouldNeverShowItsPath() {
        SlackHook hook = SlackHook.parse("https://hooks.slack.example/" + SECRET);

        assertThat(hook).hasToString("hooks.slack.example/***");
        assertThat(hook.hash()).doesNotContain("s3cr3t");
    }
}
