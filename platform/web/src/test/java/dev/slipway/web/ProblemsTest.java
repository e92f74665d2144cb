package dev.slipway.web;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(WebBackends.class)
class ProblemsTest {
    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/nothing", "/nothing", "/", "/api"})
    void shouldSayThatNothingIsAtAnUnknownPath(String path) {
        isProblem(as("ada").get(path).then(), 404, "not-found").body("detail", containsString(path));
    }

    @Test
    void shouldNameWhatIsMissing() {
        isProblem(as("ada").get("/api/v1/things/7").then(), 404, "not-found")
                .body("detail", equalTo("There is no thing '7'."));
    }

    @Test
    void shouldSayWhichMethodsAPathKnows() {
        isProblem(as("ada").delete("/api/v1/things").then(), 405, "method-not-allowed")
                .header("Allow", equalTo("GET, HEAD, POST, PUT"));
    }

    @Test
    void shouldRefuseAMediaTypeItDoesNotRead() {
        isProblem(
                as("ada")
                        .contentType("text/csv")
                        .body("a,b")
                        .post("/api/v1/things")
                        .then(),
                415,
                "unsupported-media-type");
    }

    @Test
    void shouldRefuseToAnswerInAnUnknownMediaType() {
        isProblem(as("ada").accept("image/png").get("/api/v1/things/me").then(), 406, "not-acceptable");
    }

    @Test
    void shouldCarryTheStateOfAConflict() {
        isProblem(as("lea").post("/api/v1/things/conflicts").then(), 409, "release-past-approval")
                .body("phase", equalTo("running"));
    }

    @Test
    void shouldSayWhereABodyIsNoJson() {
        isProblem(post("{\"name\": \n  oops}"), 400, "bad-request")
                .body("faults[0].line", equalTo(2))
                .body("faults[0].message", startsWith("is no JSON"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"nam": "x"}       | nam    | unknown field; known are colour, name, parts, size
            {"size": "big"}    | size   | 'big' is not a number
            {"colour": "RED"}  | colour | 'RED' is not one of BLUE, GREEN
            {"parts": {}}      | parts  | is not a list
            {"parts": [{"name": "p"}, {"every": "soon"}]} | parts[1].every | 'soon' is not a Duration
            {"size": 101}      | ``     | size must be at most 100, not 101
            []                 | ``     | is not an object with the expected fields
            """)
    void shouldNameTheFieldThatIsWrong(String body, String path, String message) {
        isProblem(post(body), 422, "invalid")
                .body("faults[0].path", equalTo(path))
                .body("faults[0].message", equalTo(message));
    }

    @Test
    void shouldRefuseABodyOverTheLimit() {
        isProblem(
                        as("ada")
                                .contentType("text/plain")
                                .body("x".repeat(1001))
                                .put("/api/v1/things")
                                .then(),
                        413,
                        "too-large")
                .body("limit", equalTo(1000));
        as("ada")
                .contentType("text/plain")
                .body("x".repeat(1000))
                .put("/api/v1/things")
                .then()
                .statusCode(200);
    }

    @Test
    void shouldRefuseAnEmptyBodyWhereOneIsRead() {
        isProblem(post(""), 400, "bad-request").body("detail", equalTo("The body is empty."));
        isProblem(post("null"), 400, "bad-request");
    }

    @Test
    void shouldRefuseABodyThatMeansTwoThings() {
        isProblem(post("{\"name\": \"one\", \"name\": \"other\"}"), 400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "half a pair: \\ud83d"})
    void shouldRefuseATextThatNoDatabaseKeeps(String text) {
        isProblem(post("{\"name\": \"" + text + "\"}"), 422, "invalid")
                .body("faults[0].path", equalTo("name"))
                .body("faults[0].message", containsString("U+0000"));
    }

    @Test
    void shouldRefuseAParameterThatNoDatabaseKeeps() {
        isProblem(
                        as("victor")
                                .urlEncodingEnabled(false)
                                .get("/api/v1/things?cursor=a%00b")
                                .then(),
                        400,
                        "bad-request")
                .body("faults[0].path", equalTo("cursor"))
                .body("faults[0].message", containsString("U+0000"));
    }

    @Test
    void shouldNotBlameTheCallerForJsonOfOurOwn() {
        isProblem(as("victor").get("/api/v1/things/misread").then(), 500, "unexpected-fault");
    }

    @Test
    void shouldTellNothingOfTheInsideWhenSomethingBreaks() {
        isProblem(as("victor").get("/api/v1/things/broken").then(), 500, "unexpected-fault")
                .body("instance", startsWith("urn:uuid:"))
                .body(not(containsString("hunter2")))
                .body(not(containsString("IllegalState")));
    }

    private static ValidatableResponse post(String body) {
        return as("olga")
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/v1/things")
                .then();
    }

    private static RequestSpecification as(String name) {
        return given().auth().oauth2(name + "-token");
    }

    private static ValidatableResponse isProblem(ValidatableResponse answer, int status, String type) {
        return answer.statusCode(status)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:slipway:problem:" + type))
                .body("status", equalTo(status))
                .body("title", not(equalTo(null)));
    }
}
