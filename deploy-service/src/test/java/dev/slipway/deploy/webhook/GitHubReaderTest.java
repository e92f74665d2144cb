package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.candidate.Build;
import dev.slipway.deploy.webhook.Reading.Good;
import dev.slipway.deploy.webhook.Reading.Nothing;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubReaderTest {
    private static final String COMMIT = WorkflowRuns.COMMIT;

    @Test
    void shouldTakeAGoodRunForABuild() {
        Reading reading = read(WorkflowRuns.good());

        assertThat(reading)
                .isEqualTo(new Good(new Build(
                        "github",
                        WorkflowRuns.REPOSITORY_ID,
                        4711,
                        1,
                        COMMIT,
                        "main",
                        "mara-k",
                        "Jo Doe",
                        List.of("github:mara-k", "email:jo@shop.example"),
                        "https://github.example/acme/shop/actions/runs/4711")));
    }

    @Test
    void shouldNameWhoRanItAgainAsRequester() {
        String again = WorkflowRuns.good()
                .replace("\"run_attempt\": 1", "\"run_attempt\": 2")
                .replace("\"triggering_actor\": {\"login\": \"mara-k\"}", "\"triggering_actor\": {\"login\": \"ben\"}");

        assertThat(read(again)).isInstanceOfSatisfying(Good.class, good -> {
            assertThat(good.build().attempt()).isEqualTo(2);
            assertThat(good.build().requester()).isEqualTo("ben");
        });
    }

    @Test
    void shouldNameEverybodyWhoHadAPart() {
        String shared = WorkflowRuns.good()
                .replace("\"triggering_actor\": {\"login\": \"mara-k\"}", "\"triggering_actor\": {\"login\": \"Ben\"}")
                .replace("\"head_commit\": {", """
                        "head_commit": {
                          "message": "Sell more\\n\\nCo-authored-by: Ada L <Ada@Shop.example>\\r\\nco-authored-by: I <7+ines@users.noreply.github.com>\\n",
                          "committer": {"name": "Kim", "email": "kim@shop.example"},""");

        assertThat(read(shared))
                .isInstanceOfSatisfying(
                        Good.class,
                        good -> assertThat(good.build().involved())
                                .containsExactly(
                                        "github:mara-k",
                                        "github:ben",
                                        "email:jo@shop.example",
                                        "email:kim@shop.example",
                                        "email:ada@shop.example",
                                        "github:ines"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "completed"              | "requested"            | action is 'requested', not 'completed'
            "success"                | "failure"              | conclusion is 'failure', not 'success'
            "success"                | null                   | conclusion is 'null'
            "full_name": "acme/shop" | "full_name": "evil/shop" | another repository: is 'evil/shop', not 'acme/shop'
            "name": "CI"             | "name": "Lint"         | another workflow: is 'Lint', not 'CI'
            "head_branch": "main"    | "head_branch": "topic" | the branch 'topic' is not released; these are: main, stable
            "event": "push"          | "event": "pull_request" | the run belongs to a pull request
            "event": "push"          | "event": "pull_request_target" | the run belongs to a pull request
            "head_sha": "a           | "head_sha": "-upload-pack a | names no commit
            "head_repository": {"id": 99 | "head_repository": {"id": 13 | in another repository: acme/shop
            """)
    void shouldSayWhyARunIsNoBuild(String good, String bad, String reason) {
        Reading reading = read(WorkflowRuns.good().replace(good, bad));

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Nothing.class, nothing -> assertThat(nothing.reason()).contains(reason));
    }

    @Test
    void shouldRefuseTheMainBranchOfAFork() {
        String fork = WorkflowRuns.good()
                .replace(
                        "\"head_repository\": {\"id\": 99, \"full_name\": \"acme/shop\"}",
                        "\"head_repository\": {\"id\": 7, \"full_name\": \"mallory/shop\"}");

        assertThat(read(fork)).isEqualTo(new Nothing("the commit is in another repository: mallory/shop"));
    }

    @Test
    void shouldRefuseAForkThatWasDeleted() {
        String fork = WorkflowRuns.good()
                .replace(
                        "\"head_repository\": {\"id\": 99, \"full_name\": \"acme/shop\"}", "\"head_repository\": null");

        assertThat(read(fork)).isEqualTo(new Nothing("the commit is in another repository: a deleted fork"));
    }

    @Test
    void shouldNotMindHowTheRepositoryIsSpelt() {
        String spelt = WorkflowRuns.good().replace("acme/shop\"", "Acme/Shop\"");

        assertThat(read(spelt)).isInstanceOf(Good.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "\"text\"", "{", "{\"workflow_run\": 3}", "{}", "{} {}", "\u0000"})
    void shouldTakeWhatItCannotReadForNothing(String body) {
        assertThat(read(body)).isInstanceOf(Nothing.class);
    }

    @Test
    void shouldTakeABodyThatMeansTwoThingsForNothing() {
        String twice = WorkflowRuns.good()
                .replace("\"conclusion\": \"success\",", "\"conclusion\": \"failure\", $0")
                .replace("$0", "\"conclusion\": \"success\",");

        assertThat(read(twice)).isEqualTo(new Nothing("the body is unreadable: the name 'conclusion' is there twice"));
    }

    @Test
    void shouldNotMindWhatIsThereTwiceAndMattersNot() {
        String twice = WorkflowRuns.good().replace("\"status\": \"completed\",", "\"status\": 1, \"status\": 2,");

        assertThat(read(twice)).isInstanceOf(Good.class);
    }

    @Test
    void shouldTakeABodyThatNeverGetsToThePointForNothing() {
        String deep = WorkflowRuns.good()
                .replace("\"private\": true", "\"private\": " + "[".repeat(50_000) + "]".repeat(50_000));

        assertThat(read(deep))
                .isInstanceOfSatisfying(
                        Nothing.class,
                        nothing -> assertThat(nothing.reason())
                                .startsWith("the body is unreadable: ")
                                .contains("nesting depth"));
    }

    @Test
    void shouldSayWhatIsWrongWithAForm() {
        assertThat(read("payload=%7B%7D"))
                .isEqualTo(new Nothing("the body is unreadable: it is a form; the webhook's content type must be "
                        + "application/json"));
    }

    @Test
    void shouldKeepNoControlCharactersOfWhatPeopleAreCalled() {
        String odd = WorkflowRuns.good().replace("Jo Doe", "Jo\\u0000Doe").replace("\"mara-k\"", "\"ma\\nra\"");

        assertThat(read(odd)).isInstanceOfSatisfying(Good.class, good -> {
            assertThat(good.build().author()).isEqualTo("Jo?Doe");
            assertThat(good.build().requester()).isEqualTo("ma?ra");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "push", "issues", "something_new"})
    void shouldStartNothingForOtherEvents(String event) {
        Reading reading = GitHubReader.read(event, new byte[0], "acme/shop", "CI", List.of("main"));

        assertThat(reading).isInstanceOf(Nothing.class);
    }

    private static Reading read(String body) {
        return GitHubReader.read("workflow_run", body.getBytes(UTF_8), "acme/shop", "CI", List.of("main", "stable"));
    }
}
