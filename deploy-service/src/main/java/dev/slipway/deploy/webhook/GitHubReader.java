package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import dev.slipway.deploy.candidate.Build;
import dev.slipway.deploy.webhook.GitHubPayload.Actor;
import dev.slipway.deploy.webhook.GitHubPayload.Repository;
import dev.slipway.deploy.webhook.GitHubPayload.Run;
import dev.slipway.deploy.webhook.Reading.Good;
import dev.slipway.deploy.webhook.Reading.Nothing;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what GitHub delivers, after its signature was verified: a finished, good run of the right
/// workflow on the right branch of the right repository is a build; everything else is nothing, with the
/// reason.
final class GitHubReader {
    static final String PROVIDER = "github";

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private GitHubReader() {}

    /// @param event value of `X-GitHub-Event`
    /// @param repository the application's, `owner/name`
    /// @param workflow name of the workflow whose word counts
    /// @param branches the application is released from these
    static Reading read(String event, byte[] body, String repository, String workflow, List<String> branches) {
        return switch (event) {
            case "ping" -> new Nothing("the webhook is set up");
            case "workflow_run" -> {
                try {
                    yield workflowRun(GitHubPayloads.read(body), repository, workflow, branches);
                } catch (IOException e) {
                    yield new Nothing(unreadable(body, e));
                }
            }
            default -> new Nothing("the event '%s' starts nothing here".formatted(event));
        };
    }

    /// A webhook that was set up with the wrong content type is what most often leads here.
    private static String unreadable(byte[] body, IOException e) {
        String why = e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
        boolean form = body.length > 8 && new String(body, 0, 8, UTF_8).equals("payload=");
        return "the body is unreadable: "
                + (form ? "it is a form; the webhook's content type must be application/json" : why);
    }

    private static Reading workflowRun(
            GitHubPayload payload, String repository, String workflow, List<String> branches) {
        Run run = payload.workflowRun();
        Repository from = payload.repository();
        if (run == null || from == null) {
            return new Nothing("the payload has no workflow_run or no repository");
        }
        return Stream.of(
                        mismatch("the run is not over: action", payload.action(), "completed"),
                        mismatch("the run did not succeed: conclusion", run.conclusion(), "success"),
                        mismatchIgnoringCase("another repository:", from.fullName(), repository),
                        mismatch("another workflow:", nameOf(payload), workflow),
                        fork(from, run.headRepository()),
                        pullRequest(run.event()),
                        branch(run.headBranch(), branches))
                .flatMap(Optional::stream)
                .findFirst()
                .<Reading>map(Nothing::new)
                .orElseGet(() -> build(from, run));
    }

    private static Reading build(Repository repository, Run run) {
        String requester =
                login(run.triggeringActor()).or(() -> login(run.actor())).orElse(null);
        if (repository.id() == null || run.id() == null || requester == null) {
            return new Nothing("the payload lacks the repository's id, the run's id or its actor");
        }
        if (run.headSha() == null || !COMMIT.matcher(run.headSha()).matches()) {
            return new Nothing("the payload names no commit: head_sha is '%s'".formatted(run.headSha()));
        }
        return new Good(new Build(
                PROVIDER,
                repository.id(),
                run.id(),
                Objects.requireNonNullElse(run.runAttempt(), 1),
                run.headSha(),
                Objects.requireNonNull(run.headBranch(), "branch was checked"),
                Incoming.clean(requester),
                author(run),
                GitHubPeople.of(run),
                link(run.htmlUrl())));
    }

    /// The run's own name may be another: `run-name` in the workflow sets it.
    private static @Nullable String nameOf(GitHubPayload payload) {
        return payload.workflow() != null && payload.workflow().name() != null
                ? payload.workflow().name()
                : payload.workflowRun().name();
    }

    private static Optional<String> mismatch(String what, @Nullable String is, String wanted) {
        return wanted.equals(is) ? Optional.empty() : Optional.of("%s is '%s', not '%s'".formatted(what, is, wanted));
    }

    private static Optional<String> mismatchIgnoringCase(String what, @Nullable String is, String wanted) {
        return wanted.equalsIgnoreCase(is) ? Optional.empty() : mismatch(what, is, wanted);
    }

    /// A fork may call its branch `main` too; its commit is not in the repository.
    private static Optional<String> fork(Repository repository, @Nullable Repository head) {
        if (head == null || head.id() == null || !head.id().equals(repository.id())) {
            return Optional.of("the commit is in another repository: %s"
                    .formatted(head == null || head.fullName() == null ? "a deleted fork" : head.fullName()));
        }
        return Optional.empty();
    }

    /// What such a run tested is not what the branch holds.
    private static Optional<String> pullRequest(@Nullable String event) {
        return event == null || event.startsWith("pull_request")
                ? Optional.of("the run belongs to a pull request: event is '%s'".formatted(event))
                : Optional.empty();
    }

    private static Optional<String> branch(@Nullable String branch, List<String> branches) {
        return branch != null && branches.contains(branch)
                ? Optional.empty()
                : Optional.of("the branch '%s' is not released; these are: %s"
                        .formatted(branch, String.join(", ", branches)));
    }

    private static Optional<String> login(@Nullable Actor actor) {
        return Optional.ofNullable(actor).map(Actor::login).filter(login -> !login.isBlank());
    }

    private static @Nullable String author(Run run) {
        return run.headCommit() == null || run.headCommit().author() == null
                ? null
                : cleaned(run.headCommit().author().name());
    }

    private static @Nullable String cleaned(@Nullable String text) {
        return text == null ? null : Incoming.clean(text);
    }

    /// A link that was cleaned leads nowhere.
    private static @Nullable String link(@Nullable String url) {
        return url != null && url.equals(Incoming.clean(url)) ? url : null;
    }
}
