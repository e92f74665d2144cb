package dev.slipway.idempotency;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.idempotency.Begun.First;
import dev.slipway.idempotency.Begun.UnderWay;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(IdempotencyBackends.class)
class IdempotencyTest {
    private static final String KEY = "Idempotency-Key";
    private static final String BODY = "{\"name\": \"%s\"}";

    @Inject
    Jdbi jdbi;

    @Inject
    Keys keys;

    private final String key = UUID.randomUUID().toString();

    @AfterEach
    void letAllEnd() {
        EffectResource.mayEnd.countDown();
        EffectResource.mayEnd = new CountDownLatch(0);
    }

    @Test
    void shouldAnswerTheSameAgainAndDoItOnce() {
        Response first = post("olga", "made", key);
        Response again = post("olga", "made", key);

        first.then().statusCode(201).header("Idempotency-Replayed", nullValue());
        again.then()
                .statusCode(201)
                .header("Idempotency-Replayed", "true")
                .contentType(ContentType.JSON)
                .header("Location", equalTo(first.header("Location")));
        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void shouldRepeatARefusalThatWasDecided() {
        Response first = post("olga", "refused", key);
        Response again = post("olga", "refused", key);

        first.then().statusCode(409).contentType("application/problem+json");
        again.then()
                .statusCode(409)
                .contentType("application/problem+json")
                .header("Idempotency-Replayed", "true")
                .body("type", endsWith("not-now"))
                .body("detail", equalTo(first.path("detail")));
    }

    @Test
    void shouldRepeatAnAnswerWithoutABody() {
        post("olga", "nothing", key).then().statusCode(204);

        post("olga", "nothing", key).then().statusCode(204).header("Idempotency-Replayed", "true");
    }

    @Test
    void shouldRefuseTheKeyForAnotherRequest() {
        post("olga", "made", key);

        given().auth()
                .oauth2("olga-token")
                .contentType(ContentType.JSON)
                .header(KEY, key)
                .body("{\"name\": \"another\"}")
                .post("/api/v1/effects/made")
                .then()
                .statusCode(422)
                .body("type", endsWith("idempotency-key-reused"))
                .body("faults[0].path", equalTo(KEY));
        post("olga", "nothing", key).then().statusCode(422);
        post("olga", "made?colour=blue", key).then().statusCode(422);
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void shouldKeepTheKeysOfDifferentPeopleApart() {
        post("olga", "made", key).then().statusCode(201);

        post("oskar", "made", key).then().statusCode(201).header("Idempotency-Replayed", nullValue());
        assertThat(effects()).isEqualTo(2);
    }

    @Test
    void shouldLetNobodyAskForOthersAnswersOrPastARole() {
        post("olga", "made", key);

        post("victor", "made", key).then().statusCode(403);
        given().header(KEY, key)
                .contentType(ContentType.JSON)
                .body(BODY.formatted(key))
                .post("/api/v1/effects/made")
                .then()
                .statusCode(401);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void shouldSayThatTheFirstIsUnderWay() throws Exception {
        EffectResource.begun = new CountDownLatch(1);
        EffectResource.mayEnd = new CountDownLatch(1);
        CompletableFuture<Response> first = CompletableFuture.supplyAsync(() -> post("olga", "made", key));
        assertThat(EffectResource.begun.await(20, TimeUnit.SECONDS)).isTrue();

        post("olga", "made", key)
                .then()
                .statusCode(409)
                .header("Retry-After", "1")
                .body("type", endsWith("request-under-way"));

        EffectResource.mayEnd.countDown();
        assertThat(first.get().statusCode()).isEqualTo(201);
        post("olga", "made", key).then().statusCode(201).header("Idempotency-Replayed", "true");
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void shouldLetATryThatFailedWithoutEffectBeRepeated() {
        post("olga", "fault-before", key).then().statusCode(500);
        assertThat(rows()).isZero();

        post("olga", "fault-before", key).then().statusCode(500).header("Idempotency-Replayed", nullValue());
    }

    /// Who comes back when they were told to is not told the same again.
    @Test
    void shouldLetATryThatCameTooSoonBeRepeated() {
        post("olga", "too-soon", key).then().statusCode(429);
        assertThat(rows()).isZero();

        post("olga", "too-soon", key).then().statusCode(429).header("Idempotency-Replayed", nullValue());
    }

    @Test
    void shouldNeverDoAgainWhatHadItsEffectBeforeItFailed() {
        post("olga", "fault-after", key).then().statusCode(500);

        post("olga", "fault-after", key).then().statusCode(409).body("type", endsWith("answer-lost"));
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void shouldKeepNoSecretThatIsShownOnce() {
        post("olga", "secret", key).then().statusCode(201).body("name", equalTo("the secret"));

        post("olga", "secret", key).then().statusCode(409).body("type", endsWith("answer-withheld"));
        assertThat(effects()).isEqualTo(1);
        assertThat(text("select coalesce(encode(body, 'escape'), '') || headers from idempotency where key = ?"))
                .doesNotContain("the secret");
    }

    /// Another replica on the same database: a process that died after it noted its key.
    @Test
    void shouldTakeOverFromAReplicaThatDiedBeforeItsEffect() {
        String scope = scopeOf("made");
        assertThat(replica().begin(scope, key, fingerprint())).isInstanceOf(First.class);
        post("olga", "made", key).then().statusCode(409);

        EffectResource.CLOCK.advance(Duration.ofMinutes(1));

        post("olga", "made", key).then().statusCode(201);
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void shouldNotRepeatWhatAReplicaDidBeforeItDied() {
        First other = (First) replica().begin(scopeOf("made"), key, fingerprint());
        jdbi.useTransaction(tx -> {
            tx.execute("insert into effect values (?)", key);
            assertThat(EffectNotes.applied(tx, other.claim(), EffectResource.CLOCK))
                    .isTrue();
        });

        EffectResource.CLOCK.advance(Duration.ofMinutes(1));

        post("olga", "made", key).then().statusCode(409).body("type", endsWith("answer-lost"));
        assertThat(effects()).isEqualTo(1);
    }

    /// Both would have the effect, were the slow one let through.
    @Test
    void shouldTakeBackWhatASlowRequestDidWhenAnotherHasItsKey() throws Exception {
        String scope = scopeOf("made");
        EffectResource.begun = new CountDownLatch(1);
        EffectResource.mayEnd = new CountDownLatch(1);
        CompletableFuture<Response> slow = CompletableFuture.supplyAsync(() -> post("olga", "made", key));
        assertThat(EffectResource.begun.await(20, TimeUnit.SECONDS)).isTrue();
        EffectResource.CLOCK.advance(Duration.ofMinutes(1));
        assertThat(replica().begin(scope, key, text("select request from idempotency where key = ?")))
                .isInstanceOf(First.class);

        EffectResource.mayEnd.countDown();

        assertThat(slow.get().statusCode()).isEqualTo(409);
        assertThat(effects()).isZero();
    }

    @Test
    void shouldLetOneOfManyAtOnceBeTheFirst() {
        var tries = IntStream.range(0, 8)
                .mapToObj(n -> CompletableFuture.supplyAsync(
                        () -> (n % 2 == 0 ? keys : replica()).begin("someone", key, "same")))
                .toList();

        assertThat(tries.stream().map(CompletableFuture::join))
                .hasSize(8)
                .filteredOn(begun -> !(begun instanceof UnderWay))
                .singleElement()
                .isInstanceOf(First.class);
    }

    /// One finds the old key and waits for who finds it too and puts the new one in its place.
    @Test
    void shouldLetOneOfSeveralBeTheFirstWhenAKeyIsOld() throws Exception {
        keys.begin("someone", key, "same");
        EffectResource.CLOCK.advance(Duration.ofDays(1));
        CompletableFuture<Begun> waiting;
        try (Handle quicker = jdbi.open()) {
            quicker.begin();
            quicker.execute("select from idempotency where key = ? for update", key);
            waiting = CompletableFuture.supplyAsync(() -> replica().begin("someone", key, "same"));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!waits(quicker)) {
                assertThat(System.nanoTime()).as("nobody waits").isLessThan(deadline);
            }
            quicker.execute("delete from idempotency where key = ?", key);
            quicker.execute(
                    """
                    insert into idempotency (scope, key, request, owner, begun_at, lease_until)
                    values ('someone', ?, 'same', gen_random_uuid(), ?, ?)""",
                    key,
                    EffectResource.CLOCK.instant(),
                    EffectResource.CLOCK.instant().plusSeconds(60));
            quicker.commit();
        }

        assertThat(waiting.get(20, TimeUnit.SECONDS)).isInstanceOf(UnderWay.class);
    }

    /// Whether somebody waits for a lock of this session, after a moment.
    private static boolean waits(Handle holder) {
        holder.execute("select pg_sleep(0.02)");
        return holder.createQuery(
                        "select exists (select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid)))")
                .mapTo(Boolean.class)
                .one();
    }

    @Test
    void shouldForgetAfterADay() {
        post("olga", "made", key).then().statusCode(201);

        EffectResource.CLOCK.advance(Duration.ofDays(1));

        post("olga", "made", key).then().statusCode(201).header("Idempotency-Replayed", nullValue());
        assertThat(effects()).isEqualTo(2);
        EffectResource.CLOCK.advance(Duration.ofDays(1));
        post("olga", "made", key + "-next").then().statusCode(201);
        assertThat(rows()).as("gone with the next key").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", ""})
    void shouldNameAKeyThatIsNone(String wrong) {
        post("olga", "made", wrong).then().statusCode(400).body("faults[0].path", equalTo(KEY));
        assertThat(effects()).isZero();
    }

    @Test
    void shouldTakeAKeyOf255CharactersAndNotOneMore() {
        String longest = (key + "x".repeat(255)).substring(0, 255);

        post("olga", "made", longest).then().statusCode(201);
        post("olga", "made", longest + "x").then().statusCode(400);
    }

    @Test
    void shouldAnswerAsEverWithoutAKey() {
        given().auth()
                .oauth2("olga-token")
                .contentType(ContentType.JSON)
                .body(BODY.formatted(key))
                .post("/api/v1/effects/made")
                .then()
                .statusCode(201);
        assertThat(rows()).isZero();
    }

    private Response post(String caller, String end, String withKey) {
        return given().auth()
                .oauth2(caller + "-token")
                .contentType(ContentType.JSON)
                .header(KEY, withKey)
                .body(BODY.formatted(key))
                .post("/api/v1/effects/" + end);
    }

    /// Works on the same database by connections of its own.
    private Keys replica() {
        return new Keys(
                IdempotencyBackends.DATABASE.jdbi(), EffectResource.CLOCK, Duration.ofDays(1), Duration.ofMinutes(1));
    }

    /// As the filter would have it, learnt from it.
    private String fingerprint() {
        String other = key + "-learnt";
        post("olga", "made", other).then().statusCode(201);
        jdbi.useHandle(handle -> handle.execute("delete from effect where name = ?", key));
        return jdbi.withHandle(handle -> handle.createQuery("select request from idempotency where key = ?")
                .bind(0, other)
                .mapTo(String.class)
                .one());
    }

    private String scopeOf(String end) {
        String other = key + "-" + end;
        post("olga", end, other).then().statusCode(201);
        jdbi.useHandle(handle -> handle.execute("delete from effect where name = ?", key));
        return jdbi.withHandle(handle -> handle.createQuery("select scope from idempotency where key = ?")
                .bind(0, other)
                .mapTo(String.class)
                .one());
    }

    private int effects() {
        return Integer.parseInt(text("select count(*) from effect where name = ?"));
    }

    private int rows() {
        return Integer.parseInt(text("select count(*) from idempotency where key = ?"));
    }

    private String text(String query) {
        return jdbi.withHandle(handle ->
                handle.createQuery(query).bind(0, key).mapTo(String.class).one());
    }
}
