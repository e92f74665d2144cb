package dev.slipway.inbox;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import dev.slipway.eventing.Ids;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.Topics;
import dev.slipway.events.WatchCounts;
import dev.slipway.events.WatchFinished;
import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people see of a service's inbox, and do about it: a whole service, a real database and a real broker.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(InboxOverHttpTest.Moving.class)
class InboxOverHttpTest {
    private static final String LETTERS = "/api/v1/dead-letters";

    /// The database and the broker are shared by all tests here.
    private final String key = "key-" + UUID.randomUUID();

    private final Clock clock = Clock.systemUTC();

    @Inject
    Jdbi jdbi;

    @Inject
    Decides decides;

    /// The pumps move, and there is a viewer and an operator.
    public static final class Moving implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> config = new HashMap<>(Map.of("slipway.pumps.enabled", "true"));
            token(config, 0, "victor", "viewer");
            token(config, 1, "olga", "operator");
            return config;
        }

        private static void token(Map<String, String> config, int index, String name, String role) {
            String prefix = "slipway.access.tokens[%d].".formatted(index);
            config.put(prefix + "name", name + "-laptop");
            config.put(prefix + "person", name);
            config.put(prefix + "sha256", sha256(name + "-token"));
            config.put(prefix + "roles", role);
        }
    }

    @Test
    void shouldReplayADeadLetterInItsPlace() throws Exception {
        send("bad " + key);
        send("second " + key);
        send("third " + key);
        JsonPath dead = awaitLetter(2);
        String id = dead.getString("items[0].id");

        as("victor").post(LETTERS + "/" + id + "/replay").then().statusCode(403);
        as("olga").post(LETTERS + "/" + id + "/replay").then().statusCode(204);
        JsonPath again = awaitLetter(2);
        assertThat(again.getInt("items[0].replays")).isEqualTo(1);
        assertThat(Instant.parse(again.getString("items[0].firstAttemptAt")))
                .as("it has all its time anew")
                .isAfter(Instant.parse(dead.getString("items[0].diedAt")));
        assertThat(again.getString("items[0].replayedBy")).isEqualTo("olga");
        assertThat(ours()).isEmpty();
        decides.mend("bad " + key);
        as("olga").post(LETTERS + "/" + id + "/replay").then().statusCode(204);
        awaitDone(3);

        assertThat(ours()).containsExactly("bad " + key, "second " + key, "third " + key);
        as("olga")
                .post(LETTERS + "/" + id + "/replay")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:slipway:problem:not-dead"))
                .body("state", equalTo("done"));
    }

    @Test
    void shouldTellWhatADeadLetterIs() throws Exception {
        Event<WatchFinished> event = send("bad " + key);
        send("second " + key);
        awaitLetter(1);

        as("victor")
                .queryParam("key", key)
                .get(LETTERS)
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].eventId", equalTo(event.id().toString()))
                .body("items[0].chain", equalTo(event.chainId().toString()))
                .body("items[0].type", equalTo("dev.cdeventsx.slipway-watch.finished.0.1.0"))
                .body("items[0].reason", equalTo("no such release"))
                .body("items[0].stack", containsString("PermanentFailure"))
                .body("items[0].attempts", equalTo(1))
                .body("items[0].firstAttemptAt", startsWith("2"))
                .body("items[0].lastAttemptAt", startsWith("2"))
                .body("items[0].replayable", equalTo(true))
                .body("items[0].waiting.count", equalTo(1))
                .body("items[0].waiting.oldest", startsWith("2"));
    }

    @Test
    void shouldDiscardADeadLetterForAReasonAndGoOn() throws Exception {
        send("bad " + key);
        send("second " + key);
        String path = LETTERS + "/" + awaitLetter(1).getString("items[0].id");

        discard("victor", path, "{\"reason\": \"no\"}").then().statusCode(403);
        discard("olga", path, "{\"reason\": \" \"}").then().statusCode(422).body("faults[0].path", equalTo("reason"));
        discard("olga", path, "{}").then().statusCode(422);
        assertThat(ours()).isEmpty();
        discard("olga", path, "{\"reason\": \"the release is long gone\"}")
                .then()
                .statusCode(204);
        awaitDone(2);

        assertThat(ours()).containsExactly("second " + key);
        as("victor")
                .queryParam("key", key)
                .queryParam("outcome", "discarded")
                .get("/api/v1/inbox")
                .then()
                .body("items", hasSize(1))
                .body("items[0].reason", equalTo("no such release"))
                .body("items[0].note", equalTo("the release is long gone"))
                .body("items[0].actedBy", equalTo("olga"));
        discard("olga", path, "{\"reason\": \"again\"}")
                .then()
                .statusCode(409)
                .body("outcome", equalTo("discarded"))
                .body("by", equalTo("olga"));
        as("victor").get(path).then().statusCode(409);
        as("victor").get(LETTERS + "/999999999").then().statusCode(404);
        as("victor").get(LETTERS + "/nine").then().statusCode(404);
    }

    @Test
    void shouldNeverObeyWhatIsNoEvent() throws Exception {
        RecordMetadata place = send(Topics.WATCH, "no json");
        RecordMetadata forged =
                send(Topics.NOTICES, EventCodec.toJson(event("forged " + key)).toString());
        awaitDead(place);
        String path = LETTERS + "/" + awaitDead(forged);

        as("olga")
                .post(path + "/replay")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:slipway:problem:not-replayable"))
                .body("reason", containsString("belongs on slipway.watch"));
        discard("olga", path, "{\"reason\": \"forged\"}").then().statusCode(204);

        assertThat(ours()).isEmpty();
    }

    @Test
    void shouldTellWhatWasIgnoredOrRefusedAndWhy() throws Exception {
        Event<WatchFinished> ignored = send("again " + key);
        send("early " + key);
        send("new " + key);
        awaitDone(3);

        as("victor")
                .queryParam("key", key)
                .get("/api/v1/inbox")
                .then()
                .body("items.outcome", equalTo(List.of("applied", "refused", "ignored")))
                .body("items[1].reason", equalTo("the release has not started"));
        as("victor")
                .queryParam("chain", ignored.chainId())
                .queryParam("type", "dev.cdeventsx.slipway-watch.finished.0.1.0")
                .queryParam("state", "done")
                .get("/api/v1/inbox")
                .then()
                .body("items", hasSize(1))
                .body("items[0].reason", equalTo("told already"));
    }

    @Test
    void shouldLeadThroughAListByLinks() throws Exception {
        for (int n = 0; n < 5; n++) {
            send("event " + n + " " + key);
        }
        awaitDone(5);

        List<String> seen = new ArrayList<>();
        String next = "/api/v1/inbox?limit=2&key=" + key;
        while (next != null) {
            Response page = as("victor").urlEncodingEnabled(false).get(next);
            seen.addAll(page.jsonPath().getList("items.id", String.class));
            String link = page.header("Link");
            next = link == null ? null : link.replaceAll("^<(.*)>; rel=\"next\"$", "$1");
        }

        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"state=odd", "outcome=fine", "chain=7", "key=a%00b", "type=%00", "cursor=eA", "limit=0"})
    void shouldRefuseWhatNobodyCanAskFor(String query) {
        as("victor")
                .urlEncodingEnabled(false)
                .get("/api/v1/inbox?" + query)
                .then()
                .statusCode(400)
                .body("faults[0].path", equalTo(query.substring(0, query.indexOf('='))));
    }

    @Test
    void shouldAnswerNobodyWithoutAToken() {
        given().get("/api/v1/inbox").then().statusCode(401);
        given().get(LETTERS).then().statusCode(401);
        given().post(LETTERS + "/1/replay").then().statusCode(401);
    }

    private JsonPath awaitLetter(int waiting) {
        return awaitAnswer(
                LETTERS + "?key=" + key,
                answer -> answer.getList("items").size() == 1 && answer.getInt("items[0].waiting.count") == waiting);
    }

    private void awaitDone(int count) {
        awaitAnswer(
                "/api/v1/inbox?state=done&key=" + key,
                answer -> answer.getList("items").size() == count);
    }

    private String awaitDead(RecordMetadata place) {
        String own = place.topic() + "-" + place.partition() + "-" + place.offset();
        return awaitAnswer(
                        LETTERS + "?key=" + own,
                        answer -> answer.getList("items").size() == 1)
                .getString("items[0].id");
    }

    /// Asked in turns.
    private JsonPath awaitAnswer(String path, java.util.function.Predicate<JsonPath> right) {
        for (int turn = 0; turn < 150; turn++) {
            JsonPath answer =
                    as("victor").get(path).then().statusCode(200).extract().jsonPath();
            if (right.test(answer)) {
                return answer;
            }
            jdbi.useHandle(handle -> handle.execute("select pg_sleep(0.1)"));
        }
        throw new AssertionError("never: " + as("victor").get(path).asString());
    }

    private List<String> ours() {
        return decides.handled().stream().filter(reason -> reason.endsWith(key)).toList();
    }

    private static Response discard(String who, String path, String body) {
        return as(who).contentType(ContentType.JSON).body(body).post(path + "/discard");
    }

    private static RequestSpecification as(String who) {
        return given().auth().oauth2(who + "-token");
    }

    private Event<WatchFinished> event(String reason) {
        return new Event<>(
                Ids.next(clock),
                Catalogue.SOURCE + Catalogue.MONITOR,
                "subject",
                clock.instant(),
                UUID.randomUUID(),
                new WatchFinished(
                        UUID.randomUUID(),
                        "shop",
                        "shop/production",
                        UUID.randomUUID(),
                        new WatchCounts(1, 0, 1, 0),
                        reason));
    }

    private Event<WatchFinished> send(String reason) throws Exception {
        Event<WatchFinished> event = event(reason);
        send(Topics.WATCH, EventCodec.toJson(event).toString());
        return event;
    }

    private RecordMetadata send(String topic, String value) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>(topic, key, value.getBytes(UTF_8)))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
