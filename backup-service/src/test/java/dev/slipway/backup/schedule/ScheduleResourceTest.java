package dev.slipway.backup.schedule;

import static dev.slipway.backup.api.Tokens.as;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.backup.api.Tokens;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(Tokens.class)
class ScheduleResourceTest {
    private static final String SCHEDULES = "/api/v1/applications/shop/databases/orders/schedules";
    private static final String WEEKLY = """
            {"name": "weekly", "at": "02:30", "days": ["sunday"], "zone": "America/Los_Angeles", "proof": "readback"}""";

    @Inject
    Jdbi jdbi;

    @BeforeEach
    void startFresh() {
        jdbi.useHandle(handle -> handle.execute("truncate schedule, schedule_run, work, outbox"));
        Tokens.putManifest("application: shop\n");
        Tokens.putManifest("""
                        application: shop
                        environments:
                          - name: production
                        databases:
                          - name: orders
                            type: postgresql
                            environment: production
                            host: localhost
                            database: orders
                            user: keeper
                            password: ${env:SLIPWAY_REF_PASSWORD}
                            locations: [disk]
                            schedules:
                              - {name: nightly, cron: "0 2 * * *", zone: America/Los_Angeles}
                        """);
    }

    @Test
    void shouldListWhatTheManifestSaysWithItsNextRun() {
        var listed = as("viewer").get(SCHEDULES);

        listed.then()
                .statusCode(200)
                .body("items.name", contains("nightly"))
                .body("items[0].cron", equalTo("0 2 * * *"), "items[0].at", nullValue())
                .body("items[0].managedBy", equalTo("manifest"), "items[0].paused", nullValue())
                .body("items[0].nextRun.local", matchesPattern("20..-..-..T02:00"))
                .body("items[0].nextRun.at", matchesPattern("20.*Z"), "items[0].lastRun", nullValue());
    }

    @Test
    void shouldMakeChangeAndRemoveASchedule() {
        String location = as("operator")
                .body(WEEKLY)
                .post(SCHEDULES)
                .then()
                .statusCode(201)
                .body("at", equalTo("02:30"), "days", contains("sunday"), "grace", equalTo("PT12H"))
                .body("proof", equalTo("readback"), "createdBy", equalTo("operator"), "managedBy", equalTo("rest"))
                .extract()
                .header("Location");

        var changed = as("operator")
                .body("{\"at\": \"03:15\", \"zone\": \"Europe/Berlin\", \"grace\": \"PT2H\"}")
                .put(location);
        var removed = as("operator").delete(location);

        changed.then()
                .statusCode(200)
                .body(
                        "at",
                        equalTo("03:15"),
                        "days",
                        equalTo(List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")))
                .body("nextRun.local", matchesPattern(".*T03:15"));
        removed.then().statusCode(204);
        as("viewer").get(location).then().statusCode(404);
    }

    @Test
    void shouldPauseAndResumeWithAReason() {
        var paused = as("operator").body("{\"reason\": \"moving house\"}").post(SCHEDULES + "/nightly/pause");
        var again = as("operator").body("{\"reason\": \"another\"}").post(SCHEDULES + "/nightly/pause");
        var resumed = as("operator").post(SCHEDULES + "/nightly/resume");

        paused.then()
                .statusCode(200)
                .body("paused.reason", equalTo("moving house"), "paused.by", equalTo("operator"))
                .body("nextRun.at", notNullValue());
        again.then().statusCode(200).body("paused.reason", equalTo("moving house"));
        resumed.then().statusCode(200).body("paused", nullValue());
    }

    @Test
    void shouldLetTheManifestKeepWhatItSays() {
        var changed =
                as("operator").body("{\"at\": \"03:15\", \"zone\": \"UTC\"}").put(SCHEDULES + "/nightly");
        var removed = as("operator").delete(SCHEDULES + "/nightly");
        var taken = as("operator").body(WEEKLY.replace("weekly", "nightly")).post(SCHEDULES);

        changed.then().statusCode(409).body("type", equalTo("urn:slipway:problem:managed-by-manifest"));
        removed.then().statusCode(409).body("type", equalTo("urn:slipway:problem:managed-by-manifest"));
        taken.then().statusCode(409).body("type", equalTo("urn:slipway:problem:name-taken"));
    }

    @Test
    void shouldNotOverwriteWhatSomebodyChangedMeanwhile() {
        as("operator").body(WEEKLY).post(SCHEDULES);
        String seen = as("viewer").get(SCHEDULES + "/weekly").header("ETag");
        as("operator").body("{\"at\": \"04:00\", \"zone\": \"UTC\"}").put(SCHEDULES + "/weekly");

        var late = as("operator")
                .header("If-Match", seen)
                .body("{\"at\": \"05:00\", \"zone\": \"UTC\"}")
                .put(SCHEDULES + "/weekly");

        late.then().statusCode(412);
        as("viewer").get(SCHEDULES + "/weekly").then().body("at", equalTo("04:00"));
    }

    @Test
    void shouldNameEveryFault() {
        var wrong = as("operator").body("""
                {"name": "Weekly!", "at": "25:00", "days": ["funday"], "zone": "PST", "grace": "1h", "proof": "hope"}""").post(SCHEDULES);
        var both = as("operator")
                .body("{\"name\": \"a\", \"at\": \"02:00\", \"cron\": \"0 2 * * *\"}")
                .post(SCHEDULES);
        var unknown = as("operator").body("{\"nmae\": \"a\"}").post(SCHEDULES);

        wrong.then()
                .statusCode(422)
                .body("faults.path", containsInAnyOrder("name", "at", "days", "zone", "grace", "proof"));
        both.then().statusCode(422).body("faults.path", containsInAnyOrder("at", "zone"));
        unknown.then().statusCode(422).body("faults.path", hasItem("nmae"));
        as("operator").body("{}").post(SCHEDULES + "/nightly/pause").then().statusCode(422);
    }

    @Test
    void shouldListPageByPage() {
        as("operator").body(WEEKLY).post(SCHEDULES);

        var first = as("viewer").queryParam("limit", 1).get("/api/v1/schedules");
        var second = as("viewer")
                .queryParam("limit", 1)
                .queryParam("cursor", first.path("next").toString())
                .get("/api/v1/schedules");

        first.then().body("items.name", contains("nightly")).header("Link", matchesPattern("<.*>; rel=\"next\""));
        second.then().body("items.name", contains("weekly"), "next", nullValue());
    }

    @Test
    void shouldTellWhoMayDoWhatAndWhatIsNotThere() {
        as("viewer").body(WEEKLY).post(SCHEDULES).then().statusCode(403);
        as("operator")
                .body(WEEKLY)
                .post(SCHEDULES.replace("orders", "nothing"))
                .then()
                .statusCode(404);
        as("viewer").get(SCHEDULES + "/nothing").then().statusCode(404);
        as("viewer").get(SCHEDULES + "/nightly/runs").then().statusCode(200).body("items.size()", equalTo(0));
    }
}
