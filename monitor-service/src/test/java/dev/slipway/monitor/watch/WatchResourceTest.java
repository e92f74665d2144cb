package dev.slipway.monitor.watch;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.events.PipelineRun;
import dev.slipway.events.ReleaseRef;
import dev.slipway.events.ReleaseStarted;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.TrafficShifted.Side;
import dev.slipway.monitor.sample.Sample;
import dev.slipway.monitor.sample.SampleLog;
import dev.slipway.monitor.sample.Tally;
import dev.slipway.testkit.RealBackends;
import io.quarkus.arc.All;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(WatchResourceTest.Configured.class)
class WatchResourceTest {
    /// One token for each kind of caller, and where a manifest's metrics would be.
    public static final class Configured implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Properties callers = new Properties();
            try (InputStream file = WatchResourceTest.class.getResourceAsStream("/callers.properties")) {
                callers.load(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return callers.stringPropertyNames().stream().collect(Collectors.toMap(name -> name, callers::getProperty));
        }
    }

    private static final String WATCH = "/api/v1/watches/{release}";
    private static final String INCIDENTS = "/api/v1/incidents";

    @Inject
    Jdbi jdbi;

    @Inject
    Clock clock;

    @Inject
    SampleLog samples;

    @Inject
    JudgeWatch judge;

    @Inject
    OnReleaseStarted releaseStarted;

    @Inject
    OnTrafficShifted trafficShifted;

    @Inject
    @All
    List<EventHandler<?>> eventHandlers;

    @Inject
    @All
    List<WorkHandler> workHandlers;

    private final UUID release = UUID.randomUUID();
    private final UUID step = UUID.randomUUID();
    private final String application = "shop" + release.toString().substring(0, 8);

    @Test
    void shouldShowAReleaseThatWaitsForTraffic() {
        hears(
                releaseStarted,
                new ReleaseStarted(
                        new PipelineRun("shop/production", "/releases/1", null, null),
                        new ReleaseStarted.Facts(ref(), List.of())));

        as("victor")
                .get(WATCH, release)
                .then()
                .statusCode(200)
                .body("release", equalTo(release.toString()))
                .body("state", equalTo("waiting"))
                .body("current", nullValue())
                .body("steps", empty())
                .body("checks.items", empty());
    }

    @Test
    void shouldShowWhyAReleaseWasCalledBack() {
        Instant start = clock.instant().truncatedTo(ChronoUnit.MICROS);
        hears(trafficShifted, shift(start));
        for (int batch = 0; batch <= 4; batch++) {
            sample(start.plusSeconds(5L * batch), new Tally(50L * batch, 10L * batch), new Tally(450L * batch, batch));
        }

        judge();

        Response answer = as("victor").queryParam("limit", 2).get(WATCH, release);
        answer.then()
                .statusCode(200)
                .body("state", equalTo("ended"))
                .body("version", equalTo("v2"))
                .body("current.step", equalTo(step.toString()))
                .body("current.percent", equalTo(10))
                .body("current.phase", equalTo("calledBack"))
                .body("current.verdict", equalTo("rollback"))
                .body("current.reason", startsWith("the candidate fails more: 20 of 100 requests failed (20.0 %)"))
                .body("current.form", equalTo("baseline"))
                .body("current.previousVersion", equalTo("v1"))
                .body("current.counts.candidateRequests", equalTo(100))
                .body("current.counts.candidateErrors", equalTo(20))
                .body("current.counts.baselineRequests", equalTo(900))
                .body("current.counts.baselineErrors", equalTo(2))
                .body("current.evidence.gated", greaterThan(5.6f))
                .body("current.evidence.bound", closeToFloat(5.521))
                .body("current.evidence.promoteBound", closeToFloat(2.996))
                .body("current.evidence.phi", equalTo(1f))
                .body("current.confidence.candidate.lower", closeToFloat(.091))
                .body("current.confidence.difference.lower", greaterThan(.05f))
                .body("steps", hasSize(1))
                .body("checks.items.verdict", equalTo(List.of("rollback", "continue")))
                .body("checks.next", nullValue());
        String incident = answer.path("steps[0].incident");
        as("victor")
                .queryParam("application", application)
                .queryParam("state", "open")
                .get(INCIDENTS)
                .then()
                .statusCode(200)
                .body("items.id", equalTo(List.of(incident)))
                .body("items[0].severity", equalTo("sev1"))
                .body("items[0].release", equalTo(release.toString()))
                .body("items[0].description", startsWith("the candidate fails more: "));
    }

    @Test
    void shouldPageTheHistoryOfChecks() {
        Instant start = clock.instant().truncatedTo(ChronoUnit.MICROS);
        hears(trafficShifted, shift(start));
        for (int batch = 0; batch <= 5; batch++) {
            sample(start.plusSeconds(5L * batch), new Tally(batch, 0), new Tally(10L * batch, 0));
        }
        judge();

        Response first = as("victor").queryParam("limit", 3).get(WATCH, release);
        Response second = as("victor")
                .queryParam("limit", 3)
                .queryParam("cursor", first.<String>path("checks.next"))
                .get(WATCH, release);

        assertThat(first.<List<Integer>>path("checks.items.counts.candidateRequests"))
                .containsExactly(5, 4, 3);
        assertThat(second.<List<Integer>>path("checks.items.counts.candidateRequests"))
                .containsExactly(2, 1);
        second.then().body("checks.next", nullValue()).body("current.evidence.gated", nullValue());
        as("victor")
                .queryParam("step", UUID.randomUUID())
                .get(WATCH, release)
                .then()
                .body("checks.items", empty());
    }

    @Test
    void shouldPageIncidents() {
        Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        for (int i = 0; i < 3; i++) {
            incident("incident " + i, at.plusSeconds(i));
        }

        Response first = as("victor")
                .queryParam("application", application)
                .queryParam("limit", 2)
                .get(INCIDENTS);
        Response second = as("victor")
                .queryParam("application", application)
                .queryParam("cursor", first.<String>path("next"))
                .get(INCIDENTS);

        assertThat(first.<List<String>>path("items.description")).containsExactly("incident 2", "incident 1");
        first.then().header("Link", startsWith("</api/v1/incidents?"));
        assertThat(second.<List<String>>path("items.description")).containsExactly("incident 0");
    }

    @Test
    void shouldAnswerOnlyViewers() {
        given().get(WATCH, release).then().statusCode(401);
        given().get(INCIDENTS).then().statusCode(401);
        as("ci").get(WATCH, release).then().statusCode(403);
        as("ci").get(INCIDENTS).then().statusCode(403);
    }

    @Test
    void shouldSayWhatIsWrongWithAQuestion() {
        as("victor").get(WATCH, release).then().statusCode(404).body("type", equalTo("urn:slipway:problem:not-found"));
        as("victor").get(WATCH, "no-uuid").then().statusCode(404);
        as("victor").queryParam("cursor", "made-up").get(INCIDENTS).then().statusCode(400);
        as("victor").queryParam("state", "shut").get(INCIDENTS).then().statusCode(400);
    }

    @Test
    void shouldLookAtAnEnvironmentFromTheMomentItsManifestIsStored() {
        String yaml = """
                application: %s
                environments: [{name: production}]
                watches:
                  - environment: production
                    metrics: ${env:SLIPWAY_REF_METRICS}
                    requests: {name: requests_total, labels: {version: "${version}"}}
                    errors: {name: requests_total, labels: {version: "${version}", status: "5.."}}
                """.formatted(application);

        as("ada")
                .contentType("text/plain")
                .body(yaml)
                .put("/api/v1/applications/{app}/manifest", application)
                .then()
                .statusCode(200);

        List<String> due = jdbi.withHandle(handle -> handle.createQuery("select id from work where kind = 'scrape'")
                .mapTo(String.class)
                .list());
        assertThat(due).contains(application + "/production");
    }

    @Test
    void shouldHandleEverythingTheCatalogueSendsHere() {
        assertThat(eventHandlers.stream().map(EventHandler::type).collect(Collectors.toSet()))
                .isEqualTo(Catalogue.entries().stream()
                        .filter(entry -> entry.consumers().contains(Catalogue.MONITOR))
                        .map(Catalogue.Entry::data)
                        .collect(Collectors.toSet()));
        assertThat(workHandlers).extracting(WorkHandler::kind).containsExactlyInAnyOrder("scrape", "watch");
    }

    private static org.hamcrest.Matcher<Float> closeToFloat(double value) {
        return new org.hamcrest.CustomTypeSafeMatcher<>("close to " + value) {
            @Override
            protected boolean matchesSafely(Float item) {
                return closeTo(value, .001).matches(item.doubleValue());
            }
        };
    }

    private <D extends EventData> void hears(EventHandler<D> handler, D data) {
        UUID chain = UUID.randomUUID();
        Event<D> event = new Event<>(
                Ids.next(clock), "/slipway/deploy-service", release.toString(), clock.instant(), chain, data);
        assertThat(EventCodec.read(
                        EventCodec.toJson(event).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isPresent();
        jdbi.useTransaction(tx -> handler.handle(tx, event));
    }

    private void sample(Instant at, Tally candidate, Tally baseline) {
        jdbi.useTransaction(tx -> samples.append(
                tx, application + "/production", new Sample.Taken(at, Map.of("v2", candidate, "v1", baseline))));
    }

    private void judge() {
        jdbi.useTransaction(tx -> judge.judge(tx, release));
    }

    private void incident(String description, Instant openedAt) {
        jdbi.useHandle(handle -> handle.execute(
                "insert into incident (id, application, environment, severity, state, description, opened_at)"
                        + " values (?, ?, ?, 'sev2', 'open', ?, ?)",
                UUID.randomUUID(),
                application,
                application + "/production",
                description,
                openedAt));
    }

    private ReleaseRef ref() {
        return new ReleaseRef(
                release,
                application,
                application + "/production",
                2,
                "normal",
                "v2",
                "c0ffee",
                "pkg:generic/shop@v2",
                "sha256:unknown");
    }

    private TrafficShifted shift(Instant effectiveAt) {
        return new TrafficShifted(
                ref(),
                step,
                10,
                Map.of("blue", 90, "green", 10),
                effectiveAt,
                new Side("v2", "green"),
                new Side("v1", "blue"),
                Duration.ofSeconds(15),
                Duration.ofMinutes(5),
                "hold",
                null);
    }

    private static RequestSpecification as(String caller) {
        return given().header("Authorization", "Bearer " + caller + "-token");
    }
}
