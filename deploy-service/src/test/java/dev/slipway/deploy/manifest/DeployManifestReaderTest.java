package dev.slipway.deploy.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.manifest.DeployManifest.GitHub;
import dev.slipway.deploy.manifest.Environment.Announce;
import dev.slipway.deploy.manifest.Environment.BackupGate;
import dev.slipway.deploy.manifest.Environment.BackupStep;
import dev.slipway.deploy.manifest.Environment.RouterSpec;
import dev.slipway.deploy.manifest.Environment.Traffic;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.target.Target;
import dev.slipway.deploy.target.TargetType;
import dev.slipway.deploy.target.Targets;
import dev.slipway.deploy.traffic.RouterType;
import dev.slipway.deploy.traffic.Routers;
import dev.slipway.deploy.traffic.TrafficRouter;
import dev.slipway.manifest.ManifestCheck;
import dev.slipway.manifest.ManifestCheck.Checked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeployManifestReaderTest {
    private static final Path DEMO = Path.of("../demo/slipway.yaml");

    @Test
    void shouldReadTheDemosManifest() throws IOException {
        DeployManifest manifest = check(Files.readString(DEMO)).sections();

        assertThat(manifest.repository()).isEqualTo("acme/shop");
        assertThat(manifest.artifact()).isEqualTo("pkg:generic/shop@${commit}");
        assertThat(manifest.webhooks().github())
                .isEqualTo(new GitHub(List.of("${env:SLIPWAY_REF_GITHUB_SECRET}"), "CI", List.of("main")));
        assertThat(manifest.environments()).extracting(Environment::name).containsExactly("staging", "production");
        assertThat(manifest.smokeTests()).extracting(SmokeSuite::name).containsExactly("orders");
    }

    @Test
    void shouldReadHowProductionIsReleasedTo() throws IOException {
        DeployManifest manifest = check(Files.readString(DEMO)).sections();

        Environment production = manifest.environment("production").orElseThrow();
        assertThat(production.plan())
                .extracting(StepKind::tag)
                .containsExactly(
                        "announce",
                        "maintenance-on",
                        "backup",
                        "migrate",
                        "verify-schema",
                        "deploy",
                        "smoke",
                        "maintenance-off",
                        "traffic",
                        "watch");
        assertThat(production.router())
                .isEqualTo(new RouterSpec(
                        "edge", "${env:SLIPWAY_REF_SHOP_EDGE_ADMIN_URL}", "${env:SLIPWAY_REF_SHOP_EDGE_TOKEN}"));
        assertThat(production.gates().soak()).isEqualTo(Duration.ofSeconds(6));
        assertThat(production.gates().approvals()).containsExactly("technical-lead", "business");
        assertThat(production.gates().backup())
                .isEqualTo(new BackupGate("shop", Duration.ofHours(2), 1, "restore", Duration.ofSeconds(60)));
        assertThat(production.announce()).isEqualTo(new Announce("release-started", Duration.ofSeconds(30)));
        assertThat(production.backup()).isEqualTo(new BackupStep("shop", 1, "restore", Duration.ofSeconds(90)));
        assertThat(production.traffic())
                .isEqualTo(new Traffic(
                        List.of(10, 25, 50, 75, 100),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(90),
                        "hold",
                        Duration.ofSeconds(8)));
        TargetSpec target = production.target();
        assertThat(target.deploy().command()).containsExactly("shop-deploy.sh");
        assertThat(target.migrate().backwardCompatible()).isTrue();
        assertThat(target.colours().keySet()).containsExactly("blue", "green");
        assertThat(target.variables()).containsEntry("SHOP_ENVIRONMENT", "production");
    }

    @Test
    void shouldReadSmokeTestsWithTheirTypes() throws IOException {
        DeployManifest manifest = check(Files.readString(DEMO)).sections();

        SmokeSuite suite = manifest.smokeSuite("orders").orElseThrow();
        assertThat(suite.steps()).extracting(SmokeSuite.Request::method).containsExactly("GET", "POST", "GET", "POST");
        assertThat(suite.steps().getFirst().within()).isEqualTo(Duration.ofMillis(500));
        assertThat(suite.steps().get(1).capture()).isEqualTo(Map.of("token", "$.token"));
        assertThat(suite.steps().get(3).body().get("quantity").isIntegralNumber())
                .isTrue();
        assertThat(suite.steps().get(3).expect().json().get("$.item").textValue())
                .isEqualTo("smoke test");
    }

    @Test
    void shouldNameAllFaultsAtOnceEachWithItsPlace() {
        String manifest = """
                application: shop
                repository: shop
                artifact: shop-${commit}
                environments:
                  - name: production
                    url: ftp://shop.example
                    gates:
                      soak: one day
                      backup: {maxAge: PT2H, locations: 0, proof: faith, timeout: PT1M}
                      overrides: {soak: Tech Lead, approvals: technical-lead}
                    plan: [deploy, smok, traffic]
                    smoke: orders
                    traffic: {steps: [10, 10, 90], minDwell: PT2M, maxDuration: PT1M, undecided: guess, strictWatch: PT1M}
                """;

        assertThat(faults(manifest))
                .contains(
                        "repository: must be owner/name, not 'shop'",
                        "environments[0].target: is missing",
                        "environments[0].gates.backup.database: is missing",
                        "environments[0].gates.soak: nothing soaks before the first environment",
                        "environments[0].smoke: there are no smoke tests 'orders' in this manifest",
                        "environments[0].traffic.steps: must rise from step to step and end with 100, not [10, 10, 90]",
                        "environments[0].traffic.minDwell: must not be longer than maxDuration",
                        "environments[0].plan: has only one of 'traffic' and 'watch'",
                        "environments[0].plan: has the step 'traffic', which needs router")
                .anyMatch(fault -> fault.startsWith("artifact: must be a package URL"))
                .anyMatch(fault -> fault.startsWith("environments[0].url: must be a URL"))
                .anyMatch(fault -> fault.startsWith("environments[0].gates.soak: must be an ISO 8601 duration"))
                .anyMatch(fault -> fault.startsWith("environments[0].gates.backup.locations: must be a whole number"))
                .anyMatch(fault -> fault.startsWith("environments[0].gates.backup.proof: must be one of"))
                .anyMatch(fault -> fault.startsWith("environments[0].traffic.undecided: must be one of"))
                .anyMatch(fault -> fault.startsWith("environments[0].gates.overrides.soak:"))
                .anyMatch(fault -> fault.startsWith("environments[0].gates.overrides.approvals: "))
                .anyMatch(fault -> fault.startsWith("environments[0].plan[1]: must be one of announce"));
        assertThat(check(manifest).faults()).allSatisfy(fault -> {
            assertThat(fault.line()).isPositive();
            assertThat(fault.column()).isPositive();
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            plan: [deploy]          | plan: []                  | plan: is empty
            plan: [deploy]          | plan: [migrate]           | plan: has no step 'deploy'
            plan: [deploy]          | plan: [deploy, deploy]    | plan: has 'deploy' twice
            plan: [deploy]          | plan: [deploy, redeploy]  | plan[1]: must be one of
            plan: [deploy]          | plan: [deploy, maintenance-on] | plan: has only one of 'maintenance-on' and 'maintenance-off'
            plan: [deploy]          | plan: [maintenance-off, deploy, maintenance-on] | plan: has 'maintenance-off' before 'maintenance-on'
            plan: [deploy]          | plan: [deploy, migrate]   | plan: has the step 'migrate', which needs target.migrate
            plan: [deploy]          | plan: [deploy, announce]  | plan: has the step 'announce', which needs announce
            plan: [deploy]          | plan: [backup, deploy]    | plan: has the step 'backup', which needs backup
            plan: [deploy]          | plan: [smoke, deploy]     | plan: has 'smoke' before 'deploy'
            type: script            | type: magic               | target.type: must be one of script, not 'magic'
            [deploy.sh]             | [../deploy.sh]            | target.deploy.command: must start with the bare name of a script
            [deploy.sh]             | [/bin/sh, -c, ls]         | target.deploy.command: must start with the bare name of a script
            [deploy.sh]             | [deploy.sh, "${env:SLIPWAY_REF_X}"] | target.deploy.command: holds a reference
            PT40S                   | 40 s                      | target.deploy.timeout: must be an ISO 8601 duration
            SHOP: a                 | SLIPWAY_STEP_ID: a        | target.variables: 'SLIPWAY_STEP_ID': names that start with SLIPWAY_ are given by Slipway
            SHOP: a                 | "A=B": a                  | target.variables: 'A=B' is not the name of an environment variable
            SHOP: a                 | SHOP: a, SHOP: b          | SHOP
            running:                | runing:                   | target.runing: is not a known key
            name: staging           | name: Staging             | name: must be a name
            plan: [deploy]          | {plan: [deploy], announce: {situation: start, timeout: PT1S}} | announce: is never used
            """)
    void shouldRefuseAnEnvironmentThatCannotWork(String good, String bad, String fault) {
        String environment = """
                name: staging, url: "http://shop.example",
                    target: {type: script, variables: {SHOP: a}, deploy: {command: [deploy.sh], timeout: PT40S},
                      running: {command: [running.sh], timeout: PT1S}},
                    plan: [deploy]""";
        String changed = bad.startsWith("{") ? bad.substring(1, bad.length() - 1) : bad;
        String manifest = """
                application: shop
                repository: acme/shop
                artifact: pkg:generic/shop@${commit}
                environments:
                  - {%s}
                """;

        assertThat(faults(manifest.formatted(environment))).isEmpty();
        assertThat(faults(manifest.formatted(environment.replace(good, changed))))
                .anyMatch(found -> found.contains(fault));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            get: /a            | get: a             | must be a path that starts with '/'
            get: /a            | head: /a           | must have exactly one of get, post, put, patch, delete
            get: /a            | get: /a, post: /b  | must have exactly one of get, post, put, patch, delete
            get: /a            | get: "/a/${id}"    | uses ${id}, which no earlier step captures
            status: 200        | status: 503        | must be a whole number from 100 to 499
            status: 200        | state: 200         | is not a known key
            "$.ok": true       | "ok": true         | json: 'ok' is not a JSON path to one value
            "$.ok": true       | "$..ok": true      | json: '$..ok' is not a JSON path to one value
            "$.ok": true       | "$.[": true        | json: '$.[' is not a JSON path to one value
            t: $.t             | t: t               | capture: 't' is not a JSON path to one value
            PT1S               | fast               | must be an ISO 8601 duration
            """)
    void shouldRefuseSmokeTestsThatCannotPass(String good, String bad, String fault) {
        String steps = """
                [{name: a, get: /a, within: PT1S, expect: {status: 200, json: {"$.ok": true}}, capture: {t: $.t}},
                 {name: b, get: "/b/${t}", expect: {status: 200}}]""";
        String manifest = """
                application: shop
                repository: acme/shop
                artifact: pkg:generic/shop@${commit}
                environments:
                  - name: staging
                    url: http://shop.example
                    target:
                      type: script
                      deploy: {command: [deploy.sh], timeout: PT40S}
                      running: {command: [running.sh], timeout: PT1S}
                    plan: [deploy]
                smokeTests:
                  - name: all
                    steps: %s
                """;

        assertThat(faults(manifest.formatted(steps))).isEmpty();
        assertThat(faults(manifest.formatted(steps.replace(good, bad)))).anyMatch(found -> found.contains(fault));
    }

    @Test
    void shouldRefuseASecretInClear() throws IOException {
        String manifest = Files.readString(DEMO)
                .replace("[\"${env:SLIPWAY_REF_GITHUB_SECRET}\"]", "[hunter2]")
                .replace("token: ${env:SLIPWAY_REF_SHOP_EDGE_TOKEN}", "token: hunter3");

        assertThat(faults(manifest))
                .anyMatch(fault -> fault.startsWith("webhooks.github.secrets[0]"))
                .anyMatch(fault -> fault.startsWith("environments[1].router.token"))
                .noneMatch(fault -> fault.contains("hunter"));
    }

    private static List<String> faults(String manifest) {
        return check(manifest).faults().stream()
                .map(fault -> fault.path() + ": " + fault.message())
                .toList();
    }

    private static Checked<DeployManifest> check(String manifest) {
        return ManifestCheck.with(new DeployManifestReader(
                        new Targets(List.of(new NoTarget())), new Routers(List.of(new NoRouter()))))
                .read(manifest);
    }

    private static final class NoTarget implements TargetType {
        @Override
        public String type() {
            return "script";
        }

        @Override
        public Target open(Environment environment) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class NoRouter implements RouterType {
        @Override
        public String type() {
            return "edge";
        }

        @Override
        public TrafficRouter open(RouterSpec router) {
            throw new UnsupportedOperationException();
        }
    }
}
