package dev.slipway.deploy.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.manifest.References;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private final Secrets secrets = new Secrets(References.of(Map.of(
            "SLIPWAY_REF_PW", "pa$$word-1",
            "SLIPWAY_REF_LONG", "pa$$word-1-and-more",
            "SLIPWAY_REF_KEY", "-----BEGIN KEY-----\nMIIEvQ\n-----END KEY-----",
            "SLIPWAY_REF_PIN", "42"))::resolve);

    @Test
    void shouldMaskWhatItResolvedAlsoInsideOtherText() {
        String url = secrets.resolve("postgres://shop:${env:SLIPWAY_REF_PW}@db/${version}");

        assertThat(url).isEqualTo("postgres://shop:pa$$word-1@db/${version}");
        assertThat(secrets.mask("cannot reach " + url)).isEqualTo("cannot reach postgres://shop:***@db/${version}");
    }

    @Test
    void shouldMaskTheLongerOfTwoValuesWhole() {
        secrets.resolve("${env:SLIPWAY_REF_PW} ${env:SLIPWAY_REF_LONG}");

        assertThat(secrets.mask("pa$$word-1-and-more, pa$$word-1")).isEqualTo("***, ***");
    }

    @Test
    void shouldMaskEachLineOfAValueWithSeveral() {
        secrets.resolve("${env:SLIPWAY_REF_KEY}");

        assertThat(secrets.mask("key: MIIEvQ")).isEqualTo("key: ***");
    }

    @Test
    void shouldNotBlotOutLinesForValuesThatHideNothing() {
        secrets.resolve("${env:SLIPWAY_REF_PIN}");

        assertThat(secrets.mask("42 rows in 420 ms")).isEqualTo("42 rows in 420 ms");
    }
}
