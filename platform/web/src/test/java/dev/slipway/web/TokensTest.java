package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
    private static final String HASH = WebBackends.sha256("secret");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "viewer | viewer",
                "operator | operator,viewer",
                "admin | admin,operator,viewer",
                "ci | ci",
                "approver:business | approver,approver:business,viewer",
            })
    void shouldGiveWhatARoleIncludes(String given, String all) {
        Tokens tokens = new Tokens(() -> List.of(new Given("t", HASH, Set.of(given))));

        Caller caller = tokens.callerWith("secret").orElseThrow();

        assertThat(caller.roles()).containsExactlyInAnyOrder(all.split(","));
    }

    @Test
    void shouldApproveOnlyForTheRoleItself() {
        Caller admin = new Tokens(() -> List.of(new Given("t", HASH, Set.of("admin"))))
                .callerWith("secret")
                .orElseThrow();

        assertThat(admin.approves("business")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"abc,viewer,hexadecimal", "zz,viewer,hexadecimal", "'',viewer,64", "00ff,viewer,64", "ok,root,'root'"})
    void shouldNotStartWithATokenThatNobodyCouldUse(String sha256, String role, String named) {
        String hash = sha256.equals("ok") ? HASH : sha256;

        assertThatThrownBy(() -> new Tokens(() -> List.of(new Given("t", hash, Set.of(role)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token 't'")
                .hasMessageContaining(named);
    }

    @Test
    void shouldNotStartWithTwoTokensOfOneName() {
        assertThatThrownBy(() -> new Tokens(
                        () -> List.of(new Given("t", HASH, Set.of("viewer")), new Given("t", HASH, Set.of("admin")))))
                .hasMessageContaining("two tokens are called 't'");
    }

    private record Given(String name, String sha256, Set<String> roles) implements AccessConfig.Token {
        @Override
        public Optional<String> person() {
            return Optional.empty();
        }

        @Override
        public Optional<Set<String>> aliases() {
            return Optional.empty();
        }
    }
}
