package dev.slipway.backup.link;

import static dev.slipway.backup.api.Tokens.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.api.DueWork;
import dev.slipway.backup.api.Tokens;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(Tokens.class)
class LinkResourceTest {
    private static final SourceDatabase SOURCE = SourceDatabase.withOrders(30);

    @Inject
    Jdbi jdbi;

    @Inject
    Clock clock;

    @Inject
    DueWork due;

    @Inject
    LinkSigner signer;

    private String backup;

    @BeforeEach
    void takeABackup() {
        jdbi.useHandle(handle ->
                handle.execute("truncate backup, backup_request, backup_pin, backup_hold, expiry, work, outbox"));
        Tokens.putOrders(SOURCE.access());
        backup = as("operator")
                .body("{\"proof\":\"readback\"}")
                .post("/api/v1/applications/shop/databases/orders/backups")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private void complete() {
        due.run();
    }

    private ValidatableResponse link(String wish) {
        return as("operator")
                .body(wish)
                .post("/api/v1/backups/{id}/links", backup)
                .then();
    }

    @Test
    void shouldDeliverTheStoredBytesToWhoeverHoldsALink() throws Exception {
        complete();
        ValidatableResponse link =
                link("{}").statusCode(201).body("location", equalTo("disk"), "file", endsWith(".dump.zst"));
        String sha256 = link.extract().path("sha256");

        ExtractableResponse<Response> all = follow(link, Map.of())
                .statusCode(200)
                .header("Content-Disposition", containsString("shop-orders-"))
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .header("X-Content-Type-Options", "nosniff")
                .header("ETag", "\"" + sha256 + "\"")
                .extract();

        byte[] bytes = all.asByteArray();
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
                .isEqualTo(sha256);
        assertThat(all.header("Content-Length")).isEqualTo("" + bytes.length);
        as("operator")
                .get("/api/v1/backups/{id}/links", backup)
                .then()
                .body("[0].uses", equalTo(1), "[0].firstUsedAt", notNullValue(), "[0].madeBy", equalTo("operator"))
                .body("[0]", not(hasKey("url")));
    }

    @Test
    void shouldDeliverPartsSoThatABrokenDownloadGoesOn() {
        complete();
        ValidatableResponse link = link("{}").statusCode(201);
        byte[] bytes = follow(link, Map.of()).extract().asByteArray();
        int length = bytes.length;

        assertThat(part(link, "bytes=100-", 100, length - 1)).isEqualTo(Arrays.copyOfRange(bytes, 100, length));
        assertThat(part(link, "bytes=0-9", 0, 9)).isEqualTo(Arrays.copyOf(bytes, 10));
        assertThat(part(link, "bytes=-7", length - 7, length - 1))
                .isEqualTo(Arrays.copyOfRange(bytes, length - 7, length));
        assertThat(part(link, "bytes=5-999999999", 5, length - 1)).isEqualTo(Arrays.copyOfRange(bytes, 5, length));
        follow(link, Map.of("Range", "bytes=" + length + "-"))
                .statusCode(416)
                .header("Content-Range", "bytes */" + length);
        for (String everything : List.of("bytes=9-3", "bytes=0-1,5-6", "lines=1-2", "bytes=-")) {
            follow(link, Map.of("Range", everything)).statusCode(200).header("Content-Length", "" + length);
        }
        follow(link, Map.of("Range", "bytes=100-", "If-Range", "\"of something else\""))
                .statusCode(200);
        given().urlEncodingEnabled(false)
                .head(link.extract().<String>path("url"))
                .then()
                .statusCode(200)
                .header("Content-Length", "" + length);
    }

    @Test
    void shouldDeliverNothingForALinkThatWasChangedOrIsOver() {
        complete();
        ValidatableResponse link = link("{\"lifetime\": \"PT2H\"}").statusCode(201);
        String url = link.extract().path("url");
        long until = Long.parseLong(url.replaceFirst(".*expires=(\\d+).*", "$1"));
        assertThat(Duration.between(clock.instant(), Instant.ofEpochSecond(until)))
                .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(120));

        for (String wrong : List.of(
                url.replace("expires=" + until, "expires=" + (until + 1)),
                url.replace(link.extract().path("id"), "018e0000-0000-7000-8000-00000000000b"),
                url.replaceFirst("signature=.*", "signature=AAAA"),
                url.replaceFirst("[?&]signature=.*", ""),
                url.replace(backup, "018e0000-0000-7000-8000-00000000000a"))) {
            given().urlEncodingEnabled(false)
                    .get(wrong)
                    .then()
                    .statusCode(401)
                    .body("type", equalTo("urn:slipway:problem:bad-signature"));
        }
        Instant past = Instant.now(clock).minusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
        UUID id = UUID.fromString(link.extract().path("id"));
        given().queryParam("link", id)
                .queryParam("expires", past.getEpochSecond())
                .queryParam("signature", signer.sign(id, UUID.fromString(backup), past))
                .get("/api/v1/backups/{id}/archive", backup)
                .then()
                .statusCode(410)
                .body("type", equalTo("urn:slipway:problem:link-expired"));
        as("operator")
                .delete("/api/v1/backups/{id}/links/{link}", backup, id)
                .then()
                .statusCode(204);
        follow(link, Map.of()).statusCode(410).body("type", equalTo("urn:slipway:problem:link-taken-back"));
    }

    @Test
    void shouldTellWhatCannotBeLinked() {
        link("{}").statusCode(409).body("state", equalTo("pending"));
        complete();
        for (String lifetime : List.of("P8D", "PT0S", "-PT1H", "soon", "PT999999999999999999H")) {
            link("{\"lifetime\": \"%s\"}".formatted(lifetime)).statusCode(422).body("faults.path", hasItem("lifetime"));
        }
        link("{\"location\": \"../disk\"}").statusCode(422).body("faults.path", hasItem("location"));
        as("operator")
                .body("{}")
                .post("/api/v1/backups/{id}/links", "018e0000-0000-7000-8000-00000000000a")
                .then()
                .statusCode(404);
    }

    private byte[] part(ValidatableResponse link, String range, long from, long to) {
        return follow(link, Map.of("Range", range))
                .statusCode(206)
                .header("Content-Range", startsWith("bytes %d-%d/".formatted(from, to)))
                .extract()
                .asByteArray();
    }

    private static ValidatableResponse follow(ValidatableResponse link, Map<String, String> headers) {
        return given().urlEncodingEnabled(false)
                .headers(headers)
                .get(link.extract().<String>path("url"))
                .then();
    }
}
