package dev.slipway.deploy.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.slipway.deploy.webhook.GitHubPayload.Actor;
import dev.slipway.deploy.webhook.GitHubPayload.HeadCommit;
import dev.slipway.deploy.webhook.GitHubPayload.Person;
import dev.slipway.deploy.webhook.GitHubPayload.Repository;
import dev.slipway.deploy.webhook.GitHubPayload.Run;
import dev.slipway.deploy.webhook.GitHubPayload.Workflow;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes out of GitHub's JSON what [GitHubPayload] holds and passes over the rest, of which there is ten
/// times as much. The document is read to its end all the same: half a document is none. A name that is
/// there twice makes it unreadable when it matters, because readers differ in which of the two they
/// believe. What has another type than expected is taken for missing.
final class GitHubPayloads {
    /// GitHub's are five levels deep.
    private static final int DEEPEST = 100;

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();

    private GitHubPayloads() {}

    /// @throws IOException when this is no JSON object, or one that means two things
    static GitHubPayload read(byte[] body) throws IOException {
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the body is no JSON object");
            }
            GitHubPayload payload = payload(json);
            if (json.nextToken() != null) {
                throw new IOException("there is something behind the JSON object");
            }
            return payload;
        }
    }

    private static GitHubPayload payload(JsonParser json) throws IOException {
        String action = null;
        Repository repository = null;
        Workflow workflow = null;
        Run run = null;
        Members members = new Members(json);
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "action" -> action = members.text();
                case "repository" -> repository = members.object(GitHubPayloads::repository);
                case "workflow" -> workflow = members.object(GitHubPayloads::workflow);
                case "workflow_run" -> run = members.object(GitHubPayloads::run);
                default -> members.skip();
            }
        }
        return new GitHubPayload(action, repository, workflow, run);
    }

    private static Repository repository(JsonParser json) throws IOException {
        Long id = null;
        String fullName = null;
        Members members = new Members(json);
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "id" -> id = members.number();
                case "full_name" -> fullName = members.text();
                default -> members.skip();
            }
        }
        return new Repository(id, fullName);
    }

    private static Workflow workflow(JsonParser json) throws IOException {
        return new Workflow(textOf(json, "name"));
    }

    private static Run run(JsonParser json) throws IOException {
        RunMembers run = new RunMembers();
        Members members = new Members(json);
        for (String name = members.next(); name != null; name = members.next()) {
            run.take(name, members);
        }
        return run.run();
    }

    private static HeadCommit headCommit(JsonParser json) throws IOException {
        String message = null;
        Person author = null;
        Person committer = null;
        Members members = new Members(json);
        for (String name = members.next(); name != null; name = members.next()) {
            switch (name) {
                case "message" -> message = members.text();
                case "author" -> author = members.object(GitHubPayloads::person);
                case "committer" -> committer = members.object(GitHubPayloads::person);
                default -> members.skip();
            }
        }
        return new HeadCommit(message, author, committer);
    }

    private static Person person(JsonParser json) throws IOException {
        String name = null;
        String email = null;
        Members members = new Members(json);
        for (String member = members.next(); member != null; member = members.next()) {
            switch (member) {
                case "name" -> name = members.text();
                case "email" -> email = members.text();
                default -> members.skip();
            }
        }
        return new Person(name, email);
    }

    private static @Nullable String textOf(JsonParser json, String wanted) throws IOException {
        String text = null;
        Members members = new Members(json);
        for (String name = members.next(); name != null; name = members.next()) {
            if (name.equals(wanted)) {
                text = members.text();
            } else {
                members.skip();
            }
        }
        return text;
    }

    /// The members of the object the parser is in, one after the other.
    private static final class Members {
        private final JsonParser json;
        private final Set<String> taken = new HashSet<>();
        private String name = "";

        Members(JsonParser json) {
            this.json = json;
        }

        @Nullable
        String next() throws IOException {
            name = json.nextFieldName();
            if (name == null && json.currentToken() != JsonToken.END_OBJECT) {
                throw new IOException("the JSON ends too early");
            }
            return name;
        }

        void skip() throws IOException {
            json.nextToken();
            json.skipChildren();
        }

        @Nullable
        String text() throws IOException {
            return value() == JsonToken.VALUE_STRING ? json.getText() : passed();
        }

        @Nullable
        Long number() throws IOException {
            return value() == JsonToken.VALUE_NUMBER_INT ? Long.valueOf(json.getLongValue()) : passed();
        }

        <T> @Nullable T object(Reader<T> reader) throws IOException {
            return value() == JsonToken.START_OBJECT ? reader.read(json) : passed();
        }

        private JsonToken value() throws IOException {
            if (!taken.add(name)) {
                throw new IOException("the name '%s' is there twice".formatted(name));
            }
            return json.nextToken();
        }

        private <T> @Nullable T passed() throws IOException {
            json.skipChildren();
            return null;
        }
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(JsonParser json) throws IOException;
    }

    /// The run has more members than a method should have variables.
    private static final class RunMembers {
        private @Nullable Long id;
        private @Nullable Long attempt;
        private @Nullable String name;
        private @Nullable String event;
        private @Nullable String conclusion;
        private @Nullable String headSha;
        private @Nullable String headBranch;
        private @Nullable String htmlUrl;
        private @Nullable Repository headRepository;
        private @Nullable HeadCommit headCommit;
        private @Nullable Actor actor;
        private @Nullable Actor triggeringActor;

        void take(String member, Members members) throws IOException {
            switch (member) {
                case "id" -> id = members.number();
                case "run_attempt" -> attempt = members.number();
                case "name" -> name = members.text();
                case "event" -> event = members.text();
                case "conclusion" -> conclusion = members.text();
                case "head_sha" -> headSha = members.text();
                case "head_branch" -> headBranch = members.text();
                case "html_url" -> htmlUrl = members.text();
                case "head_repository" -> headRepository = members.object(GitHubPayloads::repository);
                case "head_commit" -> headCommit = members.object(GitHubPayloads::headCommit);
                case "actor" -> actor = members.object(json -> new Actor(textOf(json, "login")));
                case "triggering_actor" -> triggeringActor = members.object(json -> new Actor(textOf(json, "login")));
                default -> members.skip();
            }
        }

        Run run() throws IOException {
            if (attempt != null && (attempt < 1 || attempt > Integer.MAX_VALUE)) {
                throw new IOException("run_attempt is %d".formatted(attempt));
            }
            return new Run(
                    id,
                    attempt == null ? null : attempt.intValue(),
                    name,
                    event,
                    conclusion,
                    headSha,
                    headBranch,
                    htmlUrl,
                    headRepository,
                    headCommit,
                    actor,
                    triggeringActor);
        }
    }
}
