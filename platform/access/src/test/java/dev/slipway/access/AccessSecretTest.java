package dev.slipway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessSecretTest {
    private final SecureRandom random = new SecureRandom();

    @Test
    void shouldMakeTokensThatScannersFind() {
        assertThat(AccessSecret.next(random)).matches("slw_[0-9A-Za-z]{49}");
    }

    @Test
    void shouldMakeAnotherOneEachTime() {
        Set<String> made = new HashSet<>();
        IntStream.range(0, 1_000).forEach(_ -> made.add(AccessSecret.next(random)));

        assertThat(made).hasSize(1_000).allMatch(AccessSecret::isWellFormed);
    }

    @Test
    void shouldHoldEveryBitOfTheRandomness() {
        assertThat(AccessSecret.next(new AllOf((byte) 0))).startsWith("slw_" + "0".repeat(43));
        assertThat(AccessSecret.next(new AllOf((byte) -1))).hasSize(53).doesNotContain("slw_0");
    }

    @Test
    void shouldTellATokenFromOneWithATypingMistake() {
        String token = AccessSecret.next(random);
        for (int at = AccessSecret.PREFIX.length(); at < token.length(); at++) {
            char other = token.charAt(at) == 'a' ? 'b' : 'a';

            assertThat(AccessSecret.isWellFormed(token.substring(0, at) + other + token.substring(at + 1)))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "slw_", "ghp_abc", "slw_0000000000000000000000000000000000000000000000000"})
    void shouldKnowNothingElse(String text) {
        assertThat(AccessSecret.isWellFormed(text)).isFalse();
    }

    /// Randomness that is none.
    private static final class AllOf extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte value;

        AllOf(byte value) {
            this.value = value;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            java.util.Arrays.fill(bytes, value);
        }
    }
}
