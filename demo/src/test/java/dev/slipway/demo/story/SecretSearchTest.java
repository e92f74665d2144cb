package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretSearchTest {
    private static final String SECRET = "k3y/with+odd=chars?&ü-and_more";

    private final SecretSearch search = new SecretSearch(Map.of("planted", SECRET, "other", "another-secret-0001"));

    static Stream<String> planted() {
        byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
        byte[] login = ("ada:" + SECRET + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] pair = ("x:" + SECRET).getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                SECRET,
                URLEncoder.encode(SECRET, StandardCharsets.UTF_8),
                Base64.getEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                Base64.getEncoder().encodeToString(login),
                Base64.getUrlEncoder().encodeToString(pair),
                HexFormat.of().formatHex(bytes));
    }

    @ParameterizedTest
    @MethodSource("planted")
    void shouldFindAPlantedSecretInEveryForm(String form) {
        assertThat(search.in("before " + form + " behind")).containsExactly("planted");
        assertThat(search.in(form)).containsExactly("planted");
    }

    @Test
    void shouldFindNothingWhereThereIsNothing() {
        assertThat(search.in("another-secret-000")).isEmpty();
        assertThat(search.in(SECRET.substring(1))).isEmpty();
        assertThat(search.in("")).isEmpty();
    }

    @Test
    void shouldNotLookForWhatWouldBeFoundByChance() {
        assertThatThrownBy(() -> new SecretSearch(Map.of("pin", "1234")))
                .hasMessageContaining("pin")
                .hasMessageNotContaining("1234");
    }
}
