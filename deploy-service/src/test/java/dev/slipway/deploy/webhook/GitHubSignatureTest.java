package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubSignatureTest {
    private static final String SECRET = "It's a Secret to Everybody";
    private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);
    private static final String OFFICIAL = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    @Test
    void shouldAcceptGitHubsOwnExample() {
        assertThat(GitHubSignature.matches(BODY, OFFICIAL, keys(SECRET))).isTrue();
        assertThat(GitHubSignature.header(BODY, SECRET)).isEqualTo(OFFICIAL);
    }

    @Test
    void shouldAcceptAnyOfSeveralSecretsWhileOneReplacesTheOther() {
        assertThat(GitHubSignature.matches(BODY, OFFICIAL, keys("the next one", SECRET)))
                .isTrue();
        assertThat(GitHubSignature.matches(BODY, OFFICIAL, keys(SECRET, "the last one")))
                .isTrue();
    }

    @Test
    void shouldRefuseWhenOneBitOfTheBodyChanged() {
        byte[] changed = BODY.clone();
        changed[0] ^= 1;

        assertThat(GitHubSignature.matches(changed, OFFICIAL, keys(SECRET))).isFalse();
    }

    @Test
    void shouldRefuseWithoutASecret() {
        assertThat(GitHubSignature.matches(BODY, OFFICIAL, keys())).isFalse();
    }

    @Test
    void shouldNeverTakeABlankTextForASecret() {
        assertThat(GitHubSignature.key("")).isEmpty();
        assertThat(GitHubSignature.key(" ")).isEmpty();
    }

    @Test
    void shouldRefuseADeliveryThatIsNotSigned() {
        assertThat(GitHubSignature.matches(BODY, null, keys(SECRET))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256=",
                "sha256=757107",
                "sha1=757107ea0eb2509fc211221cce984b8a37570b6d",
                "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "sha256=zz7107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1700",
                "sha256=0000000000000000000000000000000000000000000000000000000000000000"
            })
    void shouldRefuseWhatIsNoSignature(String header) {
        assertThat(GitHubSignature.matches(BODY, header, keys(SECRET))).isFalse();
    }

    private static List<SecretKey> keys(String... secrets) {
        return Arrays.stream(secrets)
                .map(secret -> GitHubSignature.key(secret).orElseThrow())
                .toList();
    }
}
