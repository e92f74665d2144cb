package dev.slipway.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.store.FolderException;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the list of notices shows, and to whom.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@QuarkusTestResource(Receivers.class)
class ListingTest {
    @Inject
    NotifyStory story;

    @BeforeEach
    void begin() throws FolderException {
        story.begin();
    }

    @Test
    void shouldListNoticesNewestFirstPageByPage() {
        Samples one = Samples.of(story.manifest());
        story.happens(one.held());
        story.pass(Duration.ofSeconds(1));
        story.happens(Samples.of(story.manifest()).finished("failed", "1"));

        JsonPath first = story.notices("?limit=3");
        JsonPath rest = story.notices("?limit=3&cursor=" + first.getString("next"));

        assertThat(first.getList("items.situation")).startsWith("release-failed", "release-failed");
        assertThat(first.getList("items")).hasSize(3);
        assertThat(rest.getList("items")).hasSize(1);
        assertThat(rest.getString("next")).isNull();
        assertThat(story.notices("?release=" + one.releaseId()).getList("items"))
                .hasSize(2);
        assertThat(story.notices("?application=other").getList("items")).isEmpty();
        assertThat(story.notices("?situation=release-failed").getList("items")).hasSize(2);
    }

    @Test
    void shouldAnswerNonsenseWithTheFault() {
        RestAssured.given()
                .auth()
                .oauth2("viewer")
                .get("/api/v1/notices?release=7")
                .then()
                .statusCode(400);
        RestAssured.given()
                .auth()
                .oauth2("viewer")
                .get("/api/v1/notices?situation=party")
                .then()
                .statusCode(400);
        RestAssured.given()
                .auth()
                .oauth2("viewer")
                .get("/api/v1/notices?cursor=%25")
                .then()
                .statusCode(400);
    }

    @Test
    void shouldShowNoticesOnlyToThoseWhoMaySeeThem() {
        RestAssured.get("/api/v1/notices").then().statusCode(401);
        RestAssured.given().auth().oauth2("ci").get("/api/v1/notices").then().statusCode(403);
        RestAssured.get("/q/health/ready").then().statusCode(200);
    }

    @Test
    void shouldCountOutcomesByChannelAndReason() {
        double delivered = counted("slipway_notice_attempts_total{channel=\"slack\",outcome=\"delivered\"}");
        double refused = counted("slipway_notices_settled_total{channel=\"email\",outcome=\"recipient-refused\"}");
        Receivers.MAIL.refuse(NotifyStory.TEAM, "550 5.1.1 unknown");
        story.happens(Samples.of(story.manifest()).held());
        story.runDue();

        assertThat(counted("slipway_notice_attempts_total{channel=\"slack\",outcome=\"delivered\"}"))
                .isEqualTo(delivered + 1);
        assertThat(counted("slipway_notices_settled_total{channel=\"email\",outcome=\"recipient-refused\"}"))
                .isEqualTo(refused + 1);
    }

    /// What a counter shows now; other tests have counted with it before.
    private static double counted(String series) {
        return RestAssured.get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line ->
                        Double.parseDouble(line.substring(series.length() + 1).split(" ")[0]))
                .sum();
    }
}
