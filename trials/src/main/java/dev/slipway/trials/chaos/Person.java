package dev.slipway.trials.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.events.Catalogue;
import dev.slipway.suite.process.Deadline;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Who works with the suite while it is being broken: cancels releases, asks for backups, answers what is
/// held, and writes down what was asked and what came back. Who gets no answer asks again.
final class Person {
    private static final Duration AGAIN = Duration.ofMillis(700);
    private static final List<String> PREFERRED = List.of("retry", "continue", "rollback", "abandon");
    private static final int MOST_RETRIES = 6;

    private final Rest rest;
    private final Clock clock;
    private final Journal cancels;
    private final Journal captures;
    private final Journal choices;
    private final Map<String, Integer> retries = new ConcurrentHashMap<>();
    private final AtomicBoolean gone = new AtomicBoolean();

    Person(Ground ground, Clock clock, Journal cancels, Journal captures, Journal choices) {
        this.rest = ground.rest();
        this.clock = clock;
        this.cancels = cancels;
        this.captures = captures;
        this.choices = choices;
    }

    /// Cancels the first release of a commit.
    void cancel(String application, String commit, Deadline deadline) {
        Optional<JsonNode> release = release(application, commit, deadline);
        if (release.isEmpty()) {
            return;
        }
        String id = release.get().path("id").asText();
        ObjectNode line = Journal.line().put("release", id).put("commit", commit);
        boolean unclear = false;
        while (!deadline.passed()) {
            Rest.Answer answer =
                    rest.post(Catalogue.DEPLOY, "/api/v1/releases/" + id + "/cancel", reason("not wanted any more"));
            if (!answer.again()) {
                line.put("status", answer.status())
                        .put("changed", answer.body().path("changed").asBoolean())
                        .put("phase", answer.body().path("phase").asText());
                break;
            }
            unclear |= answer.unclear();
            LockSupport.parkNanos(AGAIN.toNanos());
        }
        cancels.write(line.put("unclear", unclear).put("at", clock.instant().toString()));
    }

    private Optional<JsonNode> release(String application, String commit, Deadline deadline) {
        while (!deadline.passed()) {
            Optional<JsonNode> found = rest.read(
                            Catalogue.DEPLOY, "/api/v1/releases?limit=50&application=" + application)
                    .flatMap(page -> first(page, commit));
            if (found.isPresent() || isPassedOver(application, commit)) {
                return found;
            }
            LockSupport.parkNanos(AGAIN.toNanos());
        }
        return Optional.empty();
    }

    /// Whether a newer build came first: this one gets no release any more.
    private boolean isPassedOver(String application, String commit) {
        String path = "/api/v1/candidates?application=%s&commit=%s".formatted(application, commit);
        return rest.read(Catalogue.DEPLOY, path)
                .filter(page -> page.path("items").path(0).hasNonNull("passedOverBy"))
                .isPresent();
    }

    private static Optional<JsonNode> first(JsonNode page, String commit) {
        for (JsonNode release : page.path("items")) {
            if (release.path("commit").asText().equals(commit)
                    && release.path("environment").asText().equals(Lab.ENVIRONMENTS.getFirst())) {
                return Optional.of(release);
            }
        }
        return Optional.empty();
    }

    /// Asks for a backup until somebody takes the wish.
    void capture(Ask.Capture capture, Deadline deadline) {
        String database = capture.application().equals(Ground.SHOP) ? Ground.SHOP : "main";
        String path = "/api/v1/applications/%s/databases/%s/backups".formatted(capture.application(), database);
        ObjectNode line =
                Journal.line().put("application", capture.application()).put("database", database);
        int unclear = 0;
        while (!deadline.passed()) {
            Rest.Answer answer =
                    rest.post(Catalogue.BACKUP, path, Journal.line().put("proof", capture.proof()));
            if (!answer.again()) {
                line.put("status", answer.status())
                        .put("backup", answer.body().path("id").asText());
                break;
            }
            unclear += answer.unclear() ? 1 : 0;
            LockSupport.parkNanos(AGAIN.toNanos());
        }
        captures.write(line.put("unclear", unclear).put("at", clock.instant().toString()));
    }

    /// Answers held releases until [#leave].
    void answerHeld() {
        while (!gone.get()) {
            rest.read(Catalogue.DEPLOY, "/api/v1/releases?phase=held&limit=50").ifPresent(page -> {
                for (JsonNode release : page.path("items")) {
                    choose(release);
                }
            });
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        }
    }

    void leave() {
        gone.set(true);
    }

    private void choose(JsonNode release) {
        String id = release.path("id").asText();
        JsonNode offered = release.path("state").path("choices");
        int before = retries.merge(id, 1, Integer::sum);
        for (String choice : before > MOST_RETRIES ? PREFERRED.reversed() : PREFERRED) {
            if (offered.toString().contains("\"" + choice + "\"")) {
                ObjectNode body = reason("looked at it").put("choice", choice);
                Rest.Answer answer = rest.post(Catalogue.DEPLOY, "/api/v1/releases/" + id + "/choice", body);
                choices.write(Journal.line()
                        .put("at", clock.instant().toString())
                        .put("release", id)
                        .put("why", release.path("state").path("reason").asText())
                        .put("choice", choice)
                        .put("answer", answer.words()));
                return;
            }
        }
    }

    private static ObjectNode reason(String text) {
        return Journal.line().put("reason", text);
    }

    static Journal journal(Ground ground, String name) throws IOException {
        return new Journal(ground.evidence(name));
    }
}
