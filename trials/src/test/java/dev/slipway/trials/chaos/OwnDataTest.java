package dev.slipway.trials.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.ci.Ci;
import dev.slipway.demo.ci.Delivery;
import dev.slipway.demo.topics.Heard;
import dev.slipway.demo.topics.TopicReader;
import dev.slipway.events.Catalogue;
import dev.slipway.suite.AccessToken;
import dev.slipway.suite.Ports;
import dev.slipway.suite.Suite;
import dev.slipway.suite.SuiteOptions;
import dev.slipway.suite.apply.ApplyManifest;
import dev.slipway.suite.apply.Outcome;
import dev.slipway.suite.kafka.RewindGroups;
import dev.slipway.suite.process.Deadline;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Carries out the runbook's page on Slipway's own data: its commands, as they stand there, on the real
/// suite.
class OwnDataTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern COMMANDS = Pattern.compile("(?s)```bash\n(.*?)```");
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String LAB = "lab-1";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final AccessToken operator = AccessToken.issue("ops", "admin").withPerson("Kaya");
    private final Map<String, String> variables = new HashMap<>();
    private final Ports ports = Ports.free();
    private final Ci ci = new Ci(LAB, Path.of("target"), "webhook-secret", Clock.systemUTC());

    @Test
    void shouldComeBackFromItsOwnBackups() throws Exception {
        List<String> page = commands();
        try (var receipts = new Receipts(folder.resolve("receipts.jsonl"), Clock.systemUTC());
                var hooks = new HookReceiver(receipts);
                var lab = new Lab(folder.resolve("lab"))) {
            SuiteOptions options = options(lab, hooks);
            Instant before = Instant.now();
            Map<String, List<JsonNode>> known;
            try (Suite suite = Suite.start(options)) {
                manifest(suite, lab);
                run(page.get(1));
                run(page.get(2));
                awaitCompleted(suite, push(suite, lab, "one"), 1);
                suite.stop("kafka");
                // Accepted, and not told to anybody yet.
                String second = push(suite, lab, "two");
                known = state(suite, second);
                run(page.get(3));
                suite.startAgain("kafka");
                awaitCompleted(suite, second, 2);
            }
            Files.move(options.data().resolve("postgres"), options.data().resolve("postgres.broken"));
            try (Suite suite = Suite.start(options.withReplicas(0))) {
                run(page.get(4));
                run(page.get(1));
                for (String service : List.of(Catalogue.DEPLOY, Catalogue.BACKUP, Catalogue.MONITOR)) {
                    new RewindGroups(suite.bootstrapServers()).rewind(service, before);
                }
            }
            try (Suite suite = Suite.start(options)) {
                String second = ci.named("two").commit();
                awaitCompleted(suite, second, 2);

                assertThat(state(suite, second)).isEqualTo(known);
                assertThat(ownBackups(suite)).hasSize(4).allMatch("completed"::equals);
                assertThat(effects(lab)).as("no script ran twice").doesNotHaveDuplicates();
                assertToldOnceOfWhatWasPublishedTwice(suite);
            }
        }
    }

    /// The outbox held events of the second candidate when it was backed up; they were published after
    /// that, and are published again by the database that came back.
    private void assertToldOnceOfWhatWasPublishedTwice(Suite suite) throws Exception {
        assertThat(Deadline.in(SOON).await(() -> accepted(suite).size() == 3))
                .as("published again by the database that came back")
                .isTrue();
        assertThat(accepted(suite).stream()
                        .map(heard -> heard.headers().get("ce_id"))
                        .distinct())
                .hasSize(2);
        assertThat(Deadline.in(SOON).await(() -> hasReadEverything(suite, Catalogue.NOTIFY)))
                .isTrue();
        assertThat(rest(suite).list(Catalogue.NOTIFY, "/api/v1/notices?situation=candidate-accepted"))
                .hasSize(2);
    }

    private static List<Heard> accepted(Suite suite) {
        return new TopicReader(suite.bootstrapServers())
                .readAll().stream()
                        .filter(heard -> heard.headers().get("ce_type").contains("candidate.accepted"))
                        .toList();
    }

    private static boolean hasReadEverything(Suite suite, String service) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, suite.bootstrapServers()))) {
            Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(service)
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<TopicPartition, OffsetSpec> ends =
                    read.keySet().stream().collect(Collectors.toMap(each -> each, _ -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().entrySet().stream()
                    .allMatch(end ->
                            read.get(end.getKey()).offset() == end.getValue().offset());
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private SuiteOptions options(Lab lab, HookReceiver hooks) throws Exception {
        Path scripts = Files.createDirectories(folder.resolve("scripts"));
        for (String script : List.of("lab-step.sh", "lab-running.sh", "lab-schema.sh")) {
            Path copy = Files.copy(PROJECT.resolve("trials/scripts").resolve(script), scripts.resolve(script));
            assertThat(copy.toFile().setExecutable(true)).isTrue();
        }
        SuiteOptions options = SuiteOptions.in(PROJECT, folder.resolve("data")).withPorts(ports);
        variables.put("SLIPWAY_DATA", options.data().toString());
        variables.put("SLIPWAY_BACKUP_URL", "http://127.0.0.1:" + ports.of(Catalogue.BACKUP));
        variables.put("SLIPWAY_REF_OWN_PORT", Integer.toString(ports.postgres()));
        variables.put("SLIPWAY_REF_OWN_PASSWORD", "kept-elsewhere");
        variables.put("SLIPWAY_TOKEN", operator.secret());
        return options.withScripts(scripts)
                .withAccess(operator)
                .withEnvironment(lab.references())
                .withEnvironment(Map.of(
                        "SLIPWAY_REF_OWN_PORT", variables.get("SLIPWAY_REF_OWN_PORT"),
                        "SLIPWAY_REF_OWN_PASSWORD", variables.get("SLIPWAY_REF_OWN_PASSWORD"),
                        "SLIPWAY_REF_WEBHOOK_SECRET", "webhook-secret",
                        "SLIPWAY_REF_HOOK_LAB_1", hooks.url(LAB).toString()));
    }

    private void manifest(Suite suite, Lab lab) {
        String manifest = """
                application: lab-1
                repository: acme/lab-1
                artifact: pkg:generic/lab-1@${commit}
                webhooks:
                  github: {secrets: ["${env:SLIPWAY_REF_WEBHOOK_SECRET}"], workflow: CI, branches: [main]}
                environments:
                  - name: test
                    url: %s/test
                    target:
                      type: script
                      variables: {LAB_HOME: "${env:SLIPWAY_REF_LAB_HOME}", LAB_TAKES: "0"}
                      deploy: {command: [lab-step.sh, deploy], timeout: PT1M}
                      running: {command: [lab-running.sh], timeout: PT1M}
                    plan: [deploy]
                audiences:
                  - {name: team, slack: ["${env:SLIPWAY_REF_HOOK_LAB_1}"]}
                notices:
                  candidate-accepted: [team]
                """.formatted(lab.url(LAB));
        assertThat(new ApplyManifest(suite.urls(), operator.secret())
                        .apply(manifest.getBytes(StandardCharsets.UTF_8), false))
                .isInstanceOf(Outcome.Applied.class);
    }

    private String push(Suite suite, Lab lab, String name) throws Exception {
        Ci.Build build = ci.named(name);
        lab.build(build.commit(), BuildKind.GOOD);
        Delivery delivery = ci.succeeded(build, "kaya");
        Rest.Answer answer = rest(suite)
                .ask(
                        Catalogue.DEPLOY,
                        base -> HttpRequest.newBuilder(
                                delivery.to(base.resolve("/api/v1/webhooks/github/" + LAB)), (_, _) -> true));
        assertThat(answer.status()).isEqualTo(202);
        return build.commit();
    }

    /// @param told how many notices are delivered by then
    private void awaitCompleted(Suite suite, String commit, int told) {
        assertThat(Deadline.in(SOON)
                        .await(() -> rest(suite)
                                .read(Catalogue.DEPLOY, "/api/v1/releases?application=" + LAB)
                                .filter(page -> phase(page, commit).equals("completed"))
                                .isPresent()))
                .as(() -> "the release of %s is completed: %s"
                        .formatted(commit, rest(suite).read(Catalogue.DEPLOY, "/api/v1/releases?application=" + LAB)))
                .isTrue();
        awaitTold(suite, told);
    }

    private void awaitTold(Suite suite, int told) {
        assertThat(Deadline.in(SOON)
                        .await(() -> rest(suite)
                                .read(Catalogue.NOTIFY, "/api/v1/notices?application=" + LAB)
                                .map(page -> page.path("items").findValuesAsText("state"))
                                .filter(states -> states.size() == told)
                                .filter(states -> states.stream().allMatch("delivered"::equals))
                                .isPresent()))
                .as("%d notices are delivered", told)
                .isTrue();
    }

    private static String phase(JsonNode page, String commit) {
        for (JsonNode release : page.path("items")) {
            if (release.path("commit").asText().equals(commit)) {
                return release.path("phase").asText();
            }
        }
        return "";
    }

    /// What people can see of everything but the release that was under way.
    private Map<String, List<JsonNode>> state(Suite suite, String without) throws Exception {
        Map<String, List<JsonNode>> state = new HashMap<>();
        for (String path : List.of("/api/v1/releases", "/api/v1/webhooks/deliveries")) {
            state.put(
                    path,
                    rest(suite).list(Catalogue.DEPLOY, path).stream()
                            .filter(item -> !item.path("commit").asText().equals(without))
                            .toList());
        }
        for (JsonNode release : List.copyOf(state.get("/api/v1/releases"))) {
            String path = "/api/v1/releases/" + release.path("id").asText() + "/report";
            JsonNode report = rest(suite).read(Catalogue.DEPLOY, path).orElseThrow();
            // By now the other release has changed that.
            state.put(path, List.of(((ObjectNode) report).without("currentVersion")));
        }
        return state;
    }

    private List<String> ownBackups(Suite suite) throws Exception {
        Deadline deadline = Deadline.in(SOON);
        List<String> states = new ArrayList<>();
        deadline.await(() -> {
            states.clear();
            rest(suite)
                    .read(Catalogue.BACKUP, "/api/v1/backups?application=slipway")
                    .ifPresent(page -> page.path("items")
                            .forEach(item -> states.add(item.path("state").asText())));
            return states.stream()
                    .allMatch(state -> List.of("completed", "failed").contains(state));
        });
        return states;
    }

    private static List<String> effects(Lab lab) throws Exception {
        return Files.readAllLines(lab.effects()).stream()
                .map(line -> line.split(" "))
                .filter(words -> words[1].equals("effect"))
                .map(words -> words[2])
                .toList();
    }

    private Rest rest(Suite suite) {
        return new Rest(suite, operator.secret());
    }

    private static List<String> commands() throws Exception {
        return COMMANDS.matcher(Files.readString(PROJECT.resolve("docs/runbook/own-data.md")))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private void run(String block) throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("bash", "-euo", "pipefail", "-c", block)
                .directory(PROJECT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        boolean ended = process.waitFor(4, TimeUnit.MINUTES);
        if (!ended) {
            process.destroyForcibly();
        }
        assertThat(ended && process.exitValue() == 0)
                .as("%s%n%s", block, Files.readString(output))
                .isTrue();
    }
}
