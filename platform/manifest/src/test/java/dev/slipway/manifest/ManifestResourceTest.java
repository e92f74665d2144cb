package dev.slipway.manifest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.slipway.manifest.ShopReader.Shop;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ManifestBackends.class)
class ManifestResourceTest {
    private static final String PATH = "/api/v1/applications/{application}/manifest";
    private static final String SHOP = """
            # Grüße
            application: %s
            databases:
              - {name: orders, password: "${env:SLIPWAY_REF_PW}"}
            """;

    @Inject
    Manifests<Shop> manifests;

    @Inject
    References references;

    @Test
    void shouldKeepAManifestAndGiveItBackAsItWasSent() {
        String yaml = SHOP.formatted("kept");
        String hash = ManifestCheck.hashOf(yaml.getBytes(StandardCharsets.UTF_8));

        put("kept", yaml)
                .then()
                .statusCode(200)
                .header("ETag", "\"" + hash + "\"")
                .body("application", equalTo("kept"))
                .body("hash", equalTo(hash))
                .body("changed", equalTo(true))
                .body("dryRun", equalTo(false));

        as("victor")
                .get(PATH, "kept")
                .then()
                .statusCode(200)
                .header("ETag", "\"" + hash + "\"")
                .contentType("application/yaml")
                .body(equalTo(yaml));
        assertThat(manifests
                        .current("kept")
                        .orElseThrow()
                        .sections()
                        .databases()
                        .getFirst()
                        .name())
                .isEqualTo("orders");
        assertThat(ServiceBeans.Listener.HEARD).containsOnlyOnce("kept");
        put("kept", yaml).then().statusCode(200).body("changed", equalTo(false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/yaml", "application/x-yaml", "text/yaml", "application/json", "text/plain"})
    void shouldTakeEveryTypeThatManifestsComeAs(String type) {
        as("ada")
                .contentType(type)
                .body(SHOP.formatted("typed").getBytes(StandardCharsets.UTF_8))
                .queryParam("dryRun", true)
                .put(PATH, "typed")
                .then()
                .statusCode(200)
                .body("dryRun", equalTo(true));

        as("victor").get(PATH, "typed").then().statusCode(404);
    }

    @Test
    void shouldNameEveryFault() {
        put("faulty", "application: other\ndatabases: [{name: a}]\nenviroments: []")
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:slipway:problem:invalid"))
                .body("detail", equalTo("The manifest has 3 faults."))
                .body("faults", hasSize(3))
                .body("faults[1].path", equalTo("databases[0].password"))
                .body("faults[1].message", equalTo("is missing"))
                .body("faults[1].line", equalTo(2))
                .body("faults[1].column", equalTo(13));
    }

    @Test
    void shouldSayWhereTheYamlIsUnreadable() {
        put("broken", "application: broken\n  x: [")
                .then()
                .statusCode(422)
                .body("faults[0].line", equalTo(2))
                .body("faults[0].message", containsString("is not readable YAML"));
    }

    @Test
    void shouldKeepManifestsToAdminsAndShowThemToViewers() {
        as("victor")
                .contentType("application/yaml")
                .body("x")
                .put(PATH, "shop")
                .then()
                .statusCode(403);
        given().contentType(ContentType.TEXT).body("x").put(PATH, "shop").then().statusCode(401);
        given().get(PATH, "shop").then().statusCode(401);
    }

    @Test
    void shouldRefuseAManifestOfMoreThanAMebibyte() {
        put("large", "application: large\n#" + "x".repeat(1024 * 1024))
                .then()
                .statusCode(413)
                .body("type", equalTo("urn:slipway:problem:too-large"))
                .body("limit", equalTo(1024 * 1024));
    }

    @Test
    void shouldRefuseOtherTypes() {
        as("ada")
                .contentType(ContentType.XML)
                .body("<x/>")
                .put(PATH, "shop")
                .then()
                .statusCode(415);
    }

    @Test
    void shouldNotFindWhatItWasNeverGiven() {
        as("victor")
                .get(PATH, "nothing")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("detail", equalTo("There is no manifest of 'nothing'."));
    }

    @Test
    void shouldHoldBackWhoDoesNotKnowTheCurrentVersion() {
        String old = put("guarded", SHOP.formatted("guarded")).jsonPath().getString("hash");
        put("guarded", "application: guarded").then().statusCode(200);

        as("ada")
                .header("If-Match", "\"" + old + "\"")
                .contentType("application/yaml")
                .body("application: guarded\n")
                .put(PATH, "guarded")
                .then()
                .statusCode(412)
                .body("type", equalTo("urn:slipway:problem:changed-meanwhile"));
        as("victor")
                .queryParam("version", old)
                .get(PATH, "guarded")
                .then()
                .statusCode(200)
                .header("ETag", "\"" + old + "\"");
        as("victor")
                .queryParam("version", "sha256:x")
                .get(PATH, "guarded")
                .then()
                .statusCode(404);
    }

    @Test
    void shouldSendNothingToWhoHasIt() {
        String hash = put("cached", SHOP.formatted("cached")).jsonPath().getString("hash");

        as("victor")
                .header("If-None-Match", "\"" + hash + "\"")
                .get(PATH, "cached")
                .then()
                .statusCode(304);
    }

    @Test
    void shouldTakeReferredValuesAsTheyStandInTheEnvironment() {
        assertThat(references.resolve("${env:SLIPWAY_REF_PW}")).isEqualTo("hunter${2}");
    }

    private static Response put(String application, String yaml) {
        return as("ada")
                .contentType("application/yaml")
                .body(yaml.getBytes(StandardCharsets.UTF_8))
                .put(PATH, application);
    }

    private static RequestSpecification as(String name) {
        EncoderConfig asItIs = EncoderConfig.encoderConfig()
                .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                .encodeContentTypeAs("application/yaml", ContentType.TEXT)
                .encodeContentTypeAs("application/x-yaml", ContentType.TEXT)
                .encodeContentTypeAs("text/yaml", ContentType.TEXT);
        return given().config(RestAssuredConfig.config().encoderConfig(asItIs))
                .auth()
                .oauth2(name + "-token");
    }
}
