package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainlyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "soaks in staging since 2026-03-01T10:20:30.123456Z | soaks in staging since 10:20:30",
                "backup 7c9e6679-7425-40de-944b-e07fc1f90ae7 is there | backup 7c9e6679 is there",
                "shop@0123456789abcdef0123456789abcdef01234567 | shop@0123456",
                "is sha256:365e77c0f41804c50c5ecf1ae25b61a01d9fbf78d4a6c4c827c15159a248fa5d | is sha256:365e77c",
                "soaked for PT6S, then PT1M0.5S | soaked for 6.0 s, then 60.5 s",
                "500 within PT, PTA meeting | 500 within PT, PTA meeting"
            })
    void shouldShortenWhatOnlyMachinesRead(String said, String plainly) {
        assertThat(Plainly.said(said)).isEqualTo(plainly);
    }
}
