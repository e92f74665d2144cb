package dev.slipway.notify.wording;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.3S, 0.3 s",
        "PT0.96S, 1 s",
        "PT4.4S, 4 s",
        "PT59.6S, 1 min",
        "PT72S, 1 min 12 s",
        "PT1H5M, 1 h 5 min",
        "PT59M59.9S, 1 h",
        "PT26H, 1 d 2 h",
        "PT47H59M50S, 2 d",
        "-PT5S, 0 s"
    })
    void shouldSayDurationsAsPeopleDo(Duration duration, String text) {
        assertThat(Text.duration(duration)).isEqualTo(text);
    }

    @Test
    void shouldSayTimesWithTheirZone() {
        assertThat(Text.time(Instant.parse("2026-03-01T10:00:05.9Z"))).isEqualTo("2026-03-01 10:00:05 UTC");
    }

    @Test
    void shouldShortenOnlyWholeCommits() {
        assertThat(Text.version("9f8e7d6c5b4a39281706f5e4d3c2b1a098765432")).isEqualTo("9f8e7d6c5b4a");
        assertThat(Text.version("1.10.0")).isEqualTo("1.10.0");
    }

    @Test
    void shouldKeepAnyUnicodeAndDropWhatNoEncodingCarries() {
        assertThat(Text.clean("Größe 規格 👩‍🚀 \u202eabc")).isEqualTo("Größe 規格 👩‍🚀 \u202eabc");
        assertThat(Text.clean("a\u0000b\u001b[31mc\r\nd\re")).isEqualTo("ab[31mc\nd\ne");
        assertThat(Text.clean("broken \ud83d pair")).isEqualTo("broken \ufffd pair");
    }

    @Test
    void shouldPutEverythingOnOneLine() {
        assertThat(Text.oneLine("a\r\nBcc: b\u2028c\u0085d\te")).isEqualTo("a Bcc: b c d e".replace(" d", "d"));
    }

    @Test
    void shouldCutVisiblyAndNeverInsideACharacter() {
        assertThat(Text.shorten("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Text.shorten("abcdefg", 6)).isEqualTo("abcde…");
        assertThat(Text.shorten("ab👩👩👩", 6)).isEqualTo("ab👩…");
    }
}
