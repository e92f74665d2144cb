package dev.slipway.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(WebBackends.class)
class AccessTest {
    @Test
    void shouldRefuseACallWithoutToken() {
        given().get("/api/v1/things")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", "Bearer realm=\"slipway\"")
                .body("type", equalTo("urn:slipway:problem:unauthenticated"))
                .body("status", equalTo(401));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Bearer ", "Bearer", "Basic YWRhOmFkYQ==", "victor-token"})
    void shouldRefuseAnythingButAKnownToken(String header) {
        given().header("Authorization", header)
                .get("/api/v1/things")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", containsString("invalid_token"))
                .body("type", equalTo("urn:slipway:problem:unauthenticated"));
    }

    @Test
    void shouldRefuseACallerWithTooLittle() {
        given().auth()
                .oauth2("victor-token")
                .contentType(ContentType.JSON)
                .body("{}")
                .post("/api/v1/things")
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:slipway:problem:forbidden"));
    }

    @ParameterizedTest
    @CsvSource({"victor,200", "olga,200", "ada,200", "lea,200", "ci,403"})
    void shouldLetInWhoeverIsViewerByAnyRole(String name, int status) {
        given().auth().oauth2(name + "-token").get("/api/v1/things").then().statusCode(status);
    }

    @Test
    void shouldKnowThePersonBehindTheToken() {
        given().auth()
                .oauth2("lea-token")
                .get("/api/v1/things/me")
                .then()
                .statusCode(200)
                .body("name", equalTo("lea"))
                .body("person", equalTo("lea.lind"))
                .body("aliases", containsInAnyOrder("github:lea", "slack:U024"))
                .body("roles", containsInAnyOrder("approver:technical-lead", "approver:business", "approver", "viewer"))
                .body("approvesBusiness", is(true));
    }

    @Test
    void shouldLetNobodyUseAnEndpointWithoutRoles() {
        given().auth()
                .oauth2("ada-token")
                .get("/api/v1/things/forgotten")
                .then()
                .statusCode(403);
        given().get("/api/v1/things/forgotten").then().statusCode(401);
    }

    @Test
    void shouldKnowTheCallerOfAnOpenEndpointOnlyByToken() {
        given().get("/api/v1/things/open").then().statusCode(200).body("caller", equalTo("anonymous"));
        given().auth()
                .oauth2("ada-token")
                .get("/api/v1/things/open")
                .then()
                .statusCode(200)
                .body("caller", equalTo("ada"));
    }

    @Test
    void shouldAnswerHealthToAnybody() {
        given().header("Authorization", "Bearer wrong").get("/healthz").then().statusCode(200);
        given().get("/q/health/ready").then().statusCode(200);
    }
}
