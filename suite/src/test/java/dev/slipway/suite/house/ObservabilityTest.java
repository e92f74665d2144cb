package dev.slipway.suite.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The dashboard and the alert rules use what the services show, and the rules do what they say.
class ObservabilityTest {
    private static final Path FOLDER = Path.of("../docs/operations");
    private static final Path RULES = FOLDER.resolve("prometheus");

    private final MetricUse use;

    ObservabilityTest() throws IOException {
        use = MetricUse.of(FOLDER.resolve("metrics"));
    }

    @Test
    void shouldAskInTheDashboardForWhatIsShown() throws IOException {
        List<String> expressions = new ArrayList<>();
        JsonNode dashboard = new ObjectMapper()
                .readTree(FOLDER.resolve("grafana/slipway.json").toFile());
        dashboard
                .path("panels")
                .forEach(panel -> panel.path("targets")
                        .forEach(target -> expressions.add(target.path("expr").asText())));

        assertThat(expressions)
                .hasSizeGreaterThan(20)
                .allSatisfy(expression -> assertThat(use.faults(expression)).isEmpty());
        assertThat(dashboard.path("templating").toString()).contains("label_values(up{job=\\\"slipway\\\"}, service)");
    }

    @Test
    void shouldAskInTheRulesForWhatIsShown() throws IOException {
        assertThat(rules()).isNotEmpty().allSatisfy(rule -> {
            assertThat(use.faults(rule.path("expr").asText())).isEmpty();
            assertThat(rule.path("annotations").path("summary").asText()).isNotEmpty();
            assertThat(rule.path("annotations").path("act").asText()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slipway_outbox_age > 5",
                "sum by (reason) (slipway_outbox_unpublished)",
                "rate(slipway_webhook_deliveries_total{vredict=\"refused\"}[5m])",
                "slipway_inbox_dead_letters{reason=\"unreadable|tired\"}",
                "vector(1)"
            })
    void shouldFindWhatIsNotShown(String expression) {
        assertThat(use.faults(expression)).hasSize(1);
    }

    @Test
    void shouldHaveACaseForEveryAlert() throws IOException {
        JsonNode cases = new YAMLMapper()
                .readTree(RULES.resolve("alerts-test.yml").toFile())
                .path("tests");
        List<String> fired = new ArrayList<>();
        List<String> quiet = new ArrayList<>();
        cases.forEach(one -> one.path("alert_rule_test")
                .forEach(check -> (check.path("exp_alerts").isEmpty() ? quiet : fired)
                        .add(check.path("alertname").asText())));
        List<String> names =
                rules().stream().map(rule -> rule.path("alert").asText()).toList();

        assertThat(fired).containsExactlyInAnyOrderElementsOf(names);
        assertThat(quiet).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void shouldPassTheCheckOfPrometheus() throws Exception {
        promtool("check", "config", "prometheus.yml");
        promtool("check", "rules", "alerts.yml");
        promtool("test", "rules", "alerts-test.yml");
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        new YAMLMapper()
                .readTree(RULES.resolve("alerts.yml").toFile())
                .path("groups")
                .forEach(group -> group.path("rules").forEach(rules::add));
        return rules;
    }

    private static void promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(RULES.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s: %s", command, said).isZero();
    }
}
