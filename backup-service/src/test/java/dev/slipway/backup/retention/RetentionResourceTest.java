package dev.slipway.backup.retention;

import static dev.slipway.backup.api.Tokens.as;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.backup.api.DueWork;
import dev.slipway.backup.api.Tokens;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Archives;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Origin;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Signal;
import dev.slipway.backup.ledger.Stored;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(Tokens.class)
class RetentionResourceTest {
    private static final DatabaseKey ORDERS = new DatabaseKey("shop", "orders");
    private static final String RETENTION = "/api/v1/applications/shop/databases/orders/retention";

    @Inject
    Jdbi jdbi;

    @Inject
    Databases databases;

    @Inject
    Ledger ledger;

    @Inject
    Clock clock;

    @Inject
    DueWork due;

    @BeforeEach
    void startFresh() {
        jdbi.useHandle(handle -> handle.execute(
                "truncate backup, backup_request, backup_pin, backup_hold, expiry, retention_report, work, outbox"));
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
                    retention: {last: 2}
                """);
    }

    @Test
    void shouldShowWhatWouldGoAndWhy() {
        Backup oldest = completed("2026-01-01T02:00:00Z");
        Backup middle = completed("2026-01-02T02:00:00Z");
        Backup newest = completed("2026-01-03T02:00:00Z");

        var byManifest = as("viewer").get(RETENTION);
        var instead = as("viewer").queryParam("last", 1).get(RETENTION);

        byManifest
                .then()
                .statusCode(200)
                .body("policy", equalTo("last 2 (Z)"), "keeps", equalTo(2), "letsGo", equalTo(1))
                .body(
                        "items.backup",
                        contains(
                                newest.id().toString(),
                                middle.id().toString(),
                                oldest.id().toString()))
                .body("items.verdict", contains("keep", "keep", "go"))
                .body("items[2].reasons", contains("no rule keeps it: last 2 (Z)"));
        instead.then().body("items.verdict", contains("keep", "go", "go"));
        as("viewer").queryParam("last", -1).get(RETENTION).then().statusCode(400);
    }

    @Test
    void shouldShowItPageByPage() {
        completed("2026-01-01T02:00:00Z");
        completed("2026-01-02T02:00:00Z");
        Backup newest = completed("2026-01-03T02:00:00Z");

        var first = as("viewer").queryParam("limit", 2).get(RETENTION);
        var second = as("viewer")
                .queryParam("limit", 2)
                .queryParam("cursor", first.path("next").toString())
                .get(RETENTION);

        first.then()
                .body(
                        "items",
                        hasSize(2),
                        "items[0].backup",
                        equalTo(newest.id().toString()));
        second.then().body("items", hasSize(1), "letsGo", equalTo(1), "next", nullValue());
    }

    @Test
    void shouldRunNowAndReport() {
        completed("2026-01-01T02:00:00Z");
        completed("2026-01-02T02:00:00Z");
        Backup newest = completed("2026-01-03T02:00:00Z");

        as("operator").post(RETENTION).then().statusCode(202);
        due.run();

        as("viewer")
                .get(RETENTION + "/reports")
                .then()
                .statusCode(200)
                .body("items", hasSize(1), "items[0].ok", equalTo(true), "items[0].kept", equalTo(2))
                .body("items[0].newest", equalTo("2026-01-03T02:00:00Z"), "items[0].expired", equalTo(1));
        as("viewer")
                .get("/api/v1/backups")
                .then()
                .body(
                        "items.state",
                        hasItem("expired"),
                        "items.id",
                        hasItem(newest.id().toString()));
    }

    @Test
    void shouldPinWithAReasonAndShowIt() {
        String backup = "/api/v1/backups/" + completed("2026-01-01T02:00:00Z").id();

        var pinned = as("operator").body("{\"reason\": \"before the move\"}").put(backup + "/pin");
        var shown = as("viewer").get(backup);
        var unpinned = as("operator").delete(backup + "/pin");

        pinned.then().statusCode(200).body("reason", equalTo("before the move"), "by", equalTo("operator"));
        shown.then().body("pin.reason", equalTo("before the move"), "pin.at", notNullValue(), "holds", empty());
        unpinned.then().statusCode(204);
        as("viewer").get(backup).then().body("pin", nullValue());
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        Backup gone = completed("2026-01-01T02:00:00Z");
        jdbi.useTransaction(tx -> ledger.move(tx, gone, new Signal.Outlived("no rule keeps it")));
        String pin = "/api/v1/backups/" + gone.id() + "/pin";

        as("operator").body("{\"reason\": \"please\"}").put(pin).then().statusCode(409);
        as("operator").body("{\"reason\": \" \"}").put(pin).then().statusCode(422);
        as("viewer").body("{\"reason\": \"please\"}").put(pin).then().statusCode(403);
        as("operator")
                .body("{\"reason\": \"x\"}")
                .put("/api/v1/backups/none/pin")
                .then()
                .statusCode(404);
        as("viewer").post(RETENTION).then().statusCode(403);
        as("viewer").get(RETENTION.replace("orders", "nothing")).then().statusCode(404);
        as("viewer")
                .get("/api/v1/backups/" + gone.id())
                .then()
                .body("state", equalTo("expired"), "why", equalTo("no rule keeps it"), "expiredAt", notNullValue());
    }

    @Test
    void shouldSayWhetherThereIsABackupToRelyOn() {
        Backup old = completed("2026-01-03T02:00:00Z");
        String gate = "/api/v1/applications/shop/databases/orders/gate";

        var answer = as("viewer")
                .queryParam("maxAge", "PT2H")
                .queryParam("locations", 2)
                .get(gate);

        answer.then()
                .statusCode(200)
                .body("open", equalTo(false), "backup", nullValue())
                .body("considered.backup", contains(old.id().toString()))
                .body("considered[0].lacks", hasSize(3), "considered[0].proofs", contains("readback"));
        as("viewer")
                .queryParam("maxAge", "2h")
                .queryParam("locations", "many")
                .queryParam("proof", "hope")
                .get(gate)
                .then()
                .statusCode(400)
                .body("faults.path", contains("maxAge", "locations", "proof"));
        as("viewer").get(gate.replace("orders", "nothing")).then().statusCode(404);
    }

    @Test
    void shouldConsiderEveryBackupThatAReleaseWouldBeAnsweredWith() {
        Backup fitting = completed("2026-01-01T02:00:00Z", ProofKind.RESTORE, "disk", "offsite");
        completed("2026-01-02T02:00:00Z", ProofKind.RESTORE, "disk");
        for (int day = 10; day < 20; day++) {
            completed("2026-01-%dT02:00:00Z".formatted(day));
        }

        as("viewer")
                .queryParam("maxAge", "P36500D")
                .queryParam("locations", 2)
                .get("/api/v1/applications/shop/databases/orders/gate")
                .then()
                .body("considered.backup", hasItem(fitting.id().toString()))
                .body(
                        "considered.find { it.backup == '%s' }.lacks".formatted(fitting.id()),
                        contains("it lies in 0 locations now, 2 are asked for"));
    }

    private Backup completed(String snapshotAt) {
        return completed(snapshotAt, ProofKind.READBACK, "disk");
    }

    private Backup completed(String snapshotAt, ProofKind proved, String... locations) {
        Databases.Known known = databases.current(ORDERS).orElseThrow();
        Ledger.Order order =
                new Ledger.Order(ORDERS, known.manifest(), known.database().source(), proved, Origin.person("mara"));
        Archive archive = Archives.at(Instant.parse(snapshotAt), 5).in(List.of(locations));
        Proof proof = new Proof(proved, archive.writtenAt(), Duration.ofSeconds(1), "test");
        return Stored.put(
                jdbi, order, new BackupState.Completed(archive, List.of(proof), archive.writtenAt()), clock.instant());
    }
}
