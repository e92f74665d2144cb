package dev.slipway.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import dev.slipway.testkit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(WebBackends.class)
class HealthTest {
    private final Jdbi server = TestDatabase.fresh().jdbi();
    private final String database = WebBackends.DATABASE.name();

    @AfterEach
    void databaseComesBack() {
        server.useHandle(handle -> handle.execute("alter database " + database + " allow_connections true"));
    }

    @Test
    void shouldBeHealthyWhileTheDatabaseAnswers() {
        given().get("/healthz")
                .then()
                .statusCode(200)
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .contentType("application/json")
                .body("status", equalTo("ok"))
                .body("timestamp", equalTo("2026-03-01T10:00:00Z"));
    }

    @Test
    void shouldBeUnavailableWhenTheDatabaseIsGoneAndHealthyWhenItIsBack() {
        given().get("/healthz").then().statusCode(200);
        server.useHandle(handle -> {
            handle.execute("alter database " + database + " allow_connections false");
            handle.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = ?", database);
        });

        given().get("/healthz").then().statusCode(503).body("status", equalTo("unavailable"));
        given().get("/q/health/ready").then().statusCode(503).body("checks[0].name", equalTo("database"));

        given().get("/api/v1/things/stored")
                .then()
                .statusCode(503)
                .header("Retry-After", "5")
                .body("type", equalTo("urn:slipway:problem:unavailable"));

        databaseComesBack();
        given().get("/healthz").then().statusCode(200).body("status", equalTo("ok"));
    }
}
