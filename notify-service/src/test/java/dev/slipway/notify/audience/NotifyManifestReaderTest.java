package dev.slipway.notify.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.References;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.web.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NotifyManifestReaderTest {
    private final Manifests<NotifyManifest> manifests = new Manifests<>(
            TestDatabase.fresh("db/manifest").jdbi(),
            TestClock.at("2026-03-01T10:00:00Z"),
            new NotifyManifestReader(),
            References.of(Map.of(
                    "SLIPWAY_REF_SHOP_CUSTOMERS_EMAIL", "customers@shop.example",
                    "SLIPWAY_REF_SHOP_SLACK_URL", "https://hooks.slack.example/x")),
            List.of());

    @Test
    void shouldReadTheDemosManifest() throws IOException {
        NotifyManifest manifest = read(Files.readString(Path.of("../demo/slipway.yaml")));

        assertThat(manifest.audiences()).extracting(Audience::name).containsExactly("customers", "team");
        assertThat(manifest.audiencesOf(Situation.RELEASE_ROLLED_BACK, "production"))
                .extracting(Audience::name)
                .containsExactly("customers", "team");
        assertThat(manifest.audiencesOf(Situation.RELEASE_HELD, "production"))
                .flatExtracting(Audience::slack)
                .containsExactly("${env:SLIPWAY_REF_SHOP_SLACK_URL}");
        assertThat(manifest.audiencesOf(Situation.RELEASE_CANCELLED, "production"))
                .isEmpty();
    }

    @Test
    void shouldTellAnAudienceOnlyOfItsEnvironments() {
        NotifyManifest manifest = read("""
                application: shop
                environments: [{name: staging}, {name: production}]
                audiences:
                  - {name: customers, email: [all@shop.example], environments: [production]}
                  - {name: team, email: [team@shop.example]}
                notices: {release-started: [team, customers], backup-failed: [customers]}
                """);

        assertThat(manifest.audiencesOf(Situation.RELEASE_STARTED, "staging"))
                .extracting(Audience::name)
                .containsExactly("team");
        assertThat(manifest.audiencesOf(Situation.RELEASE_STARTED, "production"))
                .extracting(Audience::name)
                .containsExactly("team", "customers");
        assertThat(manifest.audiencesOf(Situation.BACKUP_FAILED, "")).hasSize(1);
    }

    @Test
    void shouldReadAManifestThatTellsNobody() {
        assertThat(read("application: shop\n")).isEqualTo(new NotifyManifest(List.of(), Map.of()));
    }

    @Test
    void shouldNameEveryFaultAtOnce() {
        Problem problem = refused("""
                application: shop
                environments: [{name: production}]
                audiences:
                  - name: team
                    email: ["team@shop.example\\nBcc: all@shop.example", ok@shop.example]
                    slack: ["https://hooks.slack.example/T024/s3cr3t"]
                    environments: [prodution]
                    sms: ["+4930123"]
                  - name: team
                    email: [other@shop.example]
                  - name: nobody
                notices:
                  release-rolledback: [team]
                  release-failed: [team, tema]
                  incident: team
                """);

        assertThat(problem.members().get("faults").toString())
                .contains("audiences[0].email[0]: not an e-mail address")
                .contains("audiences[0].slack[0]")
                .contains("audiences[0].environments[0]: there is no environment 'prodution'")
                .contains("audiences[0].sms: is not a known key")
                .contains("audiences[1].name: 'team' is there twice")
                .contains("audiences[2]: reaches nobody")
                .contains("notices.release-rolledback: is no situation; there are candidate-accepted, release-queued")
                .contains("notices.release-failed[1]: there is no audience 'tema'")
                .contains("notices.incident")
                .contains("line 14")
                .doesNotContain("s3cr3t");
    }

    @Test
    void shouldRefuseAReferenceThatLeadsNowhere() {
        Problem problem = refused("""
                application: shop
                audiences: [{name: team, email: ["${env:SLIPWAY_REF_NOT_HERE}"]}]
                """);

        assertThat(problem.members().get("faults").toString()).contains("SLIPWAY_REF_NOT_HERE");
    }

    private NotifyManifest read(String yaml) {
        manifests.put("shop", yaml.getBytes(StandardCharsets.UTF_8), "test", Optional.empty());
        return manifests.current("shop").orElseThrow().sections();
    }

    private Problem refused(String yaml) {
        return catchThrowableOfType(
                Problem.class, () -> manifests.check("shop", yaml.getBytes(StandardCharsets.UTF_8)));
    }
}
