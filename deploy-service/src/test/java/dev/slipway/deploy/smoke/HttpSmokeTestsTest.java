package dev.slipway.deploy.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.slipway.deploy.http.HttpCalls;
import dev.slipway.deploy.http.TestServer;
import dev.slipway.deploy.http.TestServer.Answer;
import dev.slipway.deploy.http.TestServer.Answers;
import dev.slipway.deploy.http.TestServer.Asked;
import dev.slipway.deploy.manifest.SmokeSuite;
import dev.slipway.deploy.manifest.SmokeSuite.Expect;
import dev.slipway.deploy.manifest.SmokeSuite.Request;
import dev.slipway.manifest.References;
import dev.slipway.outbound.OutboundHttp;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpSmokeTestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String TOKEN = "tok-5f2c9a";

    private final HttpSmokeTests tests = new HttpSmokeTests(
            new HttpCalls(OutboundHttp.to("127.0.0.0/8")), References.of(Map.of("SLIPWAY_REF_PW", "s3cret-pw")));
    private TestServer shop = new TestServer(HttpSmokeTestsTest::shop);

    @AfterEach
    void stop() {
        shop.close();
    }

    @Test
    void shouldPassAWorkingShop() {
        SmokeReport report = tests.run(orders(), shop.url(), LIMIT);

        assertThat(report.failures()).isEmpty();
        assertThat(report.passed()).isTrue();
        assertThat(report.results())
                .extracting(SmokeReport.Result::name)
                .containsExactly("healthy", "log in", "list orders", "create an order");
        assertThat(shop.asked()).hasToString("[GET /healthz, POST /api/login, GET /api/orders, POST /api/orders]");
    }

    @Test
    void shouldSendReferencesAndCapturesWhereTheyBelong() {
        tests.run(orders(), shop.url(), LIMIT);

        Asked login = shop.asked().get(1);
        assertThat(login.body()).isEqualTo("{\"user\":\"smoke\",\"password\":\"s3cret-pw\"}");
        assertThat(login.headers().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(shop.asked().get(2).headers().getFirst("Authorization")).isEqualTo("Bearer " + TOKEN);
    }

    @Test
    void shouldSayWhatIsWrongAndGoOnWithTheRest() {
        answering(asked -> asked.toString().equals("POST /api/orders") ? new Answer(500, "boom") : shop(asked));

        SmokeReport report = tests.run(orders(), shop.url(), LIMIT);

        assertThat(report.passed()).isFalse();
        assertThat(report.passedCount()).isEqualTo(3);
        assertThat(report.failures())
                .singleElement()
                .asString()
                .matches("create an order: status 500 instead of 201 after \\d+ ms");
    }

    @Test
    void shouldNameWhatIsMissingWhenAnEarlierStepGaveNothing() {
        answering(asked -> asked.toString().equals("POST /api/login") ? new Answer(200, "{}") : shop(asked));

        SmokeReport report = tests.run(orders(), shop.url(), LIMIT);

        assertThat(report.failures())
                .containsExactly(
                        "log in: $.token gives no value for ${token}",
                        "list orders: needs ${token}, which no earlier answer gave",
                        "create an order: needs ${token}, which no earlier answer gave");
        assertThat(shop.asked()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a": {"b": [1, 2]}} | $.a.b[1]  | 2        |
            {"a": 1.0}           | $.a       | 1        |
            {"a": "x"}           | $.a       | "x"      |
            {"a": null}          | $.a       | null     |
            {"a": true}          | $.a       | false    | $.a is true instead of false
            {"a": "1"}           | $.a       | 1        | $.a is "1" instead of 1
            {"a": {"c": 1}}      | $.a       | 1        | $.a is an object instead of 1
            {"b": 1}             | $.a       | 1        | $.a is missing instead of 1
            <html/>              | $.a       | 1        | the answer is not JSON
            """)
    void shouldCompareWhatAJsonPathFinds(String body, String path, String expected, @Nullable String problem)
            throws JsonProcessingException {
        answering(_ -> new Answer(200, body));
        Request request = get("/a", new Expect(200, Map.of(path, JSON.readTree(expected)), null));

        SmokeReport report = tests.run(suite(request), shop.url(), LIMIT);

        assertThat(report.results().getFirst().problem()).isEqualTo(problem);
    }

    @Test
    void shouldLookForATextInAnyAnswer() {
        answering(_ -> new Answer(200, "<title>Shop</title>"));
        Request there = get("/a", new Expect(200, Map.of(), "<title>Shop"));
        Request missing = get("/b", new Expect(200, Map.of(), "Orders"));

        SmokeReport report = tests.run(suite(there, missing), shop.url(), LIMIT);

        assertThat(report.failures()).containsExactly("GET /b: the answer does not contain \"Orders\"");
    }

    @Test
    void shouldFailAnAnswerThatComesTooLate() {
        answeringNever();
        Request slow =
                new Request("healthy", "GET", "/healthz", Duration.ofMillis(150), Map.of(), null, ok(), Map.of());

        SmokeReport report = tests.run(suite(slow), shop.url(), LIMIT);

        assertThat(report.failures()).containsExactly("healthy: no answer within 150 ms");
    }

    @Test
    void shouldKeepTheDeadlineOfTheWhole() {
        answeringNever();

        SmokeReport report = tests.run(suite(get("/a", ok()), get("/b", ok())), shop.url(), Duration.ofMillis(200));

        assertThat(report.failures())
                .satisfiesExactly(
                        first -> assertThat(first).matches("GET /a: no answer within \\d+ ms"),
                        second -> assertThat(second).isEqualTo("GET /b: not tried: the suite's 200 ms were over"));
        assertThat(shop.asked()).hasSize(1);
    }

    @Test
    void shouldReportNoSecretAndNothingCaptured() {
        answering(asked -> switch (asked.toString()) {
            case "POST /api/login" -> new Answer(200, "{\"token\": \"" + TOKEN + "\"}");
            default -> new Answer(200, "{\"said\": \"" + TOKEN + " s3cret-pw\"}");
        });
        Request echo = get("/echo", new Expect(200, Map.of("$.said", TextNode.valueOf("hello")), null));

        SmokeReport report = tests.run(suite(login(), echo), shop.url(), LIMIT);

        assertThat(report.failures()).containsExactly("GET /echo: $.said is \"*** ***\" instead of \"hello\"");
    }

    @Test
    void shouldNotQuoteAHeaderItMayNotSend() {
        answering(_ -> new Answer(200, "{\"token\": \"line1\\nline2\"}"));
        Request echo =
                new Request("echo", "GET", "/", null, Map.of("Authorization", "Bearer ${token}"), null, ok(), Map.of());

        SmokeReport report = tests.run(suite(login(), echo), shop.url(), LIMIT);

        assertThat(report.failures())
                .containsExactly("echo: the request cannot be made: its URL or one of its headers is not valid");
    }

    @Test
    void shouldKeepACaptureInOneSegmentOfAPath() {
        answering(_ -> new Answer(200, "{\"token\": \"a/../b?c=d e\"}"));
        Request order = get("/orders/${token}", ok());

        tests.run(suite(login(), order), shop.url(), LIMIT);

        assertThat(shop.asked().get(1)).hasToString("GET /orders/a%2F..%2Fb%3Fc%3Dd%20e");
    }

    @Test
    void shouldNotFollowARedirectWithAToken() {
        answering(_ -> new Answer(302, ""));

        SmokeReport report = tests.run(suite(get("/a", ok())), shop.url(), LIMIT);

        assertThat(report.failures().getFirst()).startsWith("GET /a: status 302 instead of 200");
        assertThat(shop.asked()).hasSize(1);
    }

    @Test
    void shouldFailWhenNobodyListens() {
        shop.close();

        SmokeReport report = tests.run(suite(get("/a", ok())), shop.url(), LIMIT);

        assertThat(report.failures()).containsExactly("GET /a: no connection");
    }

    private void answering(Answers answers) {
        shop.close();
        shop = new TestServer(answers);
    }

    private void answeringNever() {
        CountDownLatch never = new CountDownLatch(1);
        answering(_ -> {
            never.await();
            return new Answer(200, "");
        });
    }

    private static Answer shop(Asked asked) {
        return switch (asked.toString()) {
            case "GET /healthz" -> new Answer(200, "{\"status\": \"ok\"}");
            case "POST /api/login" -> new Answer(200, "{\"token\": \"" + TOKEN + "\"}");
            case "GET /api/orders" -> new Answer(200, "[]");
            case "POST /api/orders" -> new Answer(201, "{\"item\": \"smoke test\"}");
            default -> new Answer(404, "");
        };
    }

    private static SmokeSuite orders() {
        Map<String, String> token = Map.of("Authorization", "Bearer ${token}");
        return suite(
                new Request(
                        "healthy",
                        "GET",
                        "/healthz",
                        Duration.ofSeconds(5),
                        Map.of(),
                        null,
                        new Expect(200, Map.of("$.status", TextNode.valueOf("ok")), null),
                        Map.of()),
                login(),
                new Request("list orders", "GET", "/api/orders", null, token, null, ok(), Map.of()),
                new Request(
                        "create an order",
                        "POST",
                        "/api/orders",
                        null,
                        token,
                        JSON.valueToTree(Map.of("item", "smoke test")),
                        new Expect(201, Map.of("$.item", TextNode.valueOf("smoke test")), null),
                        Map.of()));
    }

    private static Request login() {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("user", "smoke");
        body.put("password", "${env:SLIPWAY_REF_PW}");
        JsonNode json = JSON.valueToTree(body);
        return new Request("log in", "POST", "/api/login", null, Map.of(), json, ok(), Map.of("token", "$.token"));
    }

    private static Request get(String path, Expect expect) {
        return new Request("GET " + path, "GET", path, null, Map.of(), null, expect, Map.of());
    }

    private static Expect ok() {
        return new Expect(200, Map.of(), null);
    }

    private static SmokeSuite suite(Request... steps) {
        return new SmokeSuite("orders", List.of(steps));
    }
}
