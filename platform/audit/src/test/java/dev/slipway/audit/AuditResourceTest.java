package dev.slipway.audit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(AuditBackends.class)
class AuditResourceTest {
    private static final String PAINT = "PUT /api/v1/things/{id}/colour/{colour}";

    @Inject
    Sealer sealer;

    @Test
    void shouldShowWhoChangedWhatOverRest() {
        paint("olga", 1, "red", 204);
        paint("olga", 1, "blue", 204);
        sealer.seal();

        list("subject", "1")
                .statusCode(200)
                .body("items", hasSize(2))
                .body("items[0].cause", equalTo("request"))
                .body("items[0].person", equalTo("olga.person"))
                .body("items[0].token", equalTo("olga"))
                .body("items[0].address", equalTo("127.0.0.1"))
                .body("items[0].agent", equalTo("painter/1"))
                .body("items[0].action", equalTo(PAINT))
                .body("items[0].change", equalTo("changed"))
                .body("items[0].application", equalTo("shop"))
                .body("items[0].old.colour", equalTo("red"))
                .body("items[0].new.colour", equalTo("blue"))
                .body("items[0].hash", notNullValue())
                .body("items[1].change", equalTo("created"))
                .body(not(containsString("hunter2")));
    }

    @Test
    void shouldFindByEverythingAndPage() {
        for (String colour : new String[] {"a", "b", "c"}) {
            paint("olga", 2, colour, 204);
        }

        String link = as("olga")
                .queryParam("subject", 2)
                .queryParam("limit", 2)
                .get("/api/v1/audit")
                .then()
                .statusCode(200)
                .body("items.new.colour", equalTo(List.of("c", "b")))
                .extract()
                .header("Link");
        as("olga")
                .urlEncodingEnabled(false)
                .get(link.substring(1, link.indexOf('>')))
                .then()
                .body("items.new.colour", equalTo(List.of("a")));
        for (String[] filter : new String[][] {
            {"application", "shop"},
            {"kind", "thing"},
            {"person", "olga.person"},
            {"action", PAINT},
            {"cause", "request"},
            {"change", "changed"},
            {"from", "2026-03-01T10:00:00Z"},
        }) {
            list(filter[0], filter[1]).statusCode(200).body("items", not(empty()));
        }
        for (String[] filter : new String[][] {
            {"application", "sho"},
            {"kind", "other"},
            {"person", "olga"},
            {"action", "PUT"},
            {"cause", "event"},
            {"change", "removed"},
            {"from", "2099-03-01T10:00:00+01:00"},
            {"to", "2026-03-01T10:00:00Z"},
        }) {
            list(filter[0], filter[1]).statusCode(200).body("items", empty());
        }
    }

    @Test
    void shouldCountWhatOneTokenTriesAThousandTimesInTwoRows() throws Exception {
        HttpRequest attempt = HttpRequest.newBuilder(
                        URI.create("http://localhost:%d/api/v1/things/3/colour/black".formatted(RestAssured.port)))
                .header("Authorization", "Bearer victor-token")
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int times = 0; times < 1000; times++) {
                assertThat(client.send(attempt, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(403);
                if (times == 0) {
                    sealer.seal();
                }
            }
        }
        sealer.seal();
        list("person", "victor.person").body("items", hasSize(1));
        AuditBackends.STORAGE.clock().advance(Duration.ofMinutes(1));

        sealer.seal();

        list("person", "victor.person")
                .body("items", hasSize(2))
                .body("items.change", everyItem(equalTo("refused")))
                .body("items.action", everyItem(equalTo(PAINT)))
                .body("items.token", everyItem(equalTo("victor")))
                .body("items[0].new.attempts", equalTo(1000))
                .body("items[1].new.attempts", equalTo(1));
        list("subject", "3").body("items", empty());
        as("olga").get("/api/v1/audit/verify").then().body("ok", equalTo(true)).body("unsealed", equalTo(0));
    }

    @Test
    void shouldVerifyAgainstAPlaceKeptElsewhere() {
        paint("olga", 4, "red", 204);
        sealer.seal();
        var to = as("olga")
                .get("/api/v1/audit/verify")
                .then()
                .statusCode(200)
                .body("ok", equalTo(true))
                .body("complete", equalTo(true))
                .body("faults", empty())
                .extract()
                .jsonPath();

        as("olga")
                .queryParam("position", to.getLong("to.position"))
                .queryParam("hash", "ab".repeat(32))
                .get("/api/v1/audit/verify")
                .then()
                .statusCode(200)
                .body("ok", equalTo(false))
                .body("faults[0].message", containsString("rewritten"));
        assertThat(to.getString("to.hash")).hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/audit?from=yesterday",
                "/api/v1/audit?to=%2B999999999-01-01T00:00:00Z",
                "/api/v1/audit?cursor=x",
                "/api/v1/audit?limit=0",
                "/api/v1/audit?person=%00",
                "/api/v1/audit/verify?position=1",
                "/api/v1/audit/verify?hash=1",
                "/api/v1/audit/verify?position=-1&hash=00"
            })
    void shouldNameWhatIsWrongWithAQuestion(String path) {
        as("olga")
                .urlEncodingEnabled(false)
                .get(path)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("faults[0].path", notNullValue());
    }

    @Test
    void shouldShowTheAuditToOperatorsOnly() {
        as("victor").get("/api/v1/audit").then().statusCode(403);
        as("victor").get("/api/v1/audit/verify").then().statusCode(403);
        given().get("/api/v1/audit").then().statusCode(401);
    }

    private static void paint(String caller, int id, String colour, int status) {
        as(caller)
                .header("User-Agent", "painter/1")
                .put("/api/v1/things/{id}/colour/{colour}", id, colour)
                .then()
                .statusCode(status);
    }

    private static ValidatableResponse list(String name, String value) {
        return as("olga").queryParam(name, value).get("/api/v1/audit").then();
    }

    private static RequestSpecification as(String name) {
        return given().auth().oauth2(name + "-token");
    }
}
