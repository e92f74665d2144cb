package dev.slipway.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorEnvironmentTest {
    @Test
    void shouldPassOnWhatManifestsReferToAndNothingElse() {
        OperatorEnvironment operator = new OperatorEnvironment(Map.of(
                "SLIPWAY_REF_SHOP_SECRET", "s",
                "QUARKUS_MAILER_HOST", "mail.example.org",
                "SLIPWAY_GUARDS_OPEN_NETWORKS", "10.0.0.0/8",
                "AWS_SECRET_ACCESS_KEY", "not for services",
                "QUARKUS_DATASOURCE_PASSWORD", "not this one"));

        assertThat(operator.passedOn())
                .containsOnly(
                        Map.entry("SLIPWAY_REF_SHOP_SECRET", "s"),
                        Map.entry("SLIPWAY_GUARDS_OPEN_NETWORKS", "10.0.0.0/8"),
                        Map.entry("QUARKUS_MAILER_HOST", "mail.example.org"));
    }

    @Test
    void shouldNumberFurtherTokensBehindItsOwn() {
        OperatorEnvironment operator = new OperatorEnvironment(Map.of(
                "SLIPWAY_ACCESS_TOKENS_10__NAME", "ci",
                "SLIPWAY_ACCESS_TOKENS_10__SHA256", "ff",
                "SLIPWAY_ACCESS_TOKENS_10__ROLES", "ci",
                "SLIPWAY_ACCESS_TOKENS_2__NAME", "lea",
                "SLIPWAY_ACCESS_TOKENS_2__SHA256", "ee",
                "SLIPWAY_ACCESS_TOKENS_2__ROLES", "operator, approver:business",
                "SLIPWAY_ACCESS_TOKENS_2__ALIASES", "github:lea-k"));
        var tokens = operator.tokens();

        assertThat(ServiceEnvironment.access(tokens))
                .containsOnly(
                        Map.entry("SLIPWAY_ACCESS_TOKENS_0__NAME", "lea"),
                        Map.entry("SLIPWAY_ACCESS_TOKENS_0__SHA256", "ee"),
                        Map.entry("SLIPWAY_ACCESS_TOKENS_0__ROLES", "operator,approver:business"),
                        Map.entry("SLIPWAY_ACCESS_TOKENS_0__PERSON", "lea"),
                        Map.entry("SLIPWAY_ACCESS_TOKENS_0__ALIASES", "github:lea-k"),
                        Map.entry("SLIPWAY_ACCESS_TOKENS_1__NAME", "ci"),
                        Map.entry("SLIPWAY_ACCESS_TOKENS_1__SHA256", "ff"),
                        Map.entry("SLIPWAY_ACCESS_TOKENS_1__ROLES", "ci"),
                        Map.entry("SLIPWAY_ACCESS_TOKENS_1__PERSON", "ci"));
    }

    @Test
    void shouldRefuseATokenWithoutItsHash() {
        OperatorEnvironment operator = new OperatorEnvironment(Map.of("SLIPWAY_ACCESS_TOKENS_3__NAME", "lea"));

        assertThatThrownBy(operator::tokens).hasMessageContaining("SLIPWAY_ACCESS_TOKENS_3__NAME and __SHA256");
    }
}
