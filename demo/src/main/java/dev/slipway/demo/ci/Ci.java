package dev.slipway.demo.ci;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.shop.ShopRelease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/// An application's continuous integration, by default the shop's: builds a commit into the shop's home and tells
/// GitHub's side of it.
public final class Ci {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long REPOSITORY_ID = 74_211_830;

    private final String application;
    private final Path home;
    private final String secret;
    private final Clock clock;
    private final AtomicLong runs = new AtomicLong(9_000_000_000L);

    /// A commit that was built. @param name what people call it, e.g. `v2`
    public record Build(String name, String commit) {
        public String shortCommit() {
            return commit.substring(0, 7);
        }
    }

    /// @param home the shop's; @param secret what GitHub signs with
    public Ci(Path home, String secret, Clock clock) {
        this("shop", home, secret, clock);
    }

    /// That of another application, whose repository is `acme/<application>`.
    public Ci(String application, Path home, String secret, Clock clock) {
        this.application = application;
        this.home = home;
        this.secret = secret;
        this.clock = clock;
    }

    /// Builds code 1, 2 or 3 under a name: the same name is the same commit.
    public Build build(String name, int code, int schema) {
        Build build = named(name);
        try {
            new ShopRelease(build.commit(), code, schema).write(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build;
    }

    /// The commit of that name, whose artifact somebody else makes.
    public Build named(String name) {
        return new Build(name, sha1(application + " " + name));
    }

    /// The `workflow_run` delivery that says the build is good. @param requester who started the run
    public Delivery succeeded(Build build, String requester) {
        return Delivery.signed("workflow_run", payload(build, requester), secret);
    }

    /// The same with a secret that is not ours.
    public Delivery forged(Build build, String requester) {
        return Delivery.signed("workflow_run", payload(build, requester), secret + "?");
    }

    private byte[] payload(Build build, String requester) {
        long run = runs.incrementAndGet();
        ObjectNode root = JSON.createObjectNode().put("action", "completed");
        ObjectNode workflowRun = root.putObject("workflow_run")
                .put("id", run)
                .put("name", "CI")
                .put("path", ".github/workflows/ci.yml")
                .put("run_number", run % 1000)
                .put("run_attempt", 1)
                .put("event", "push")
                .put("status", "completed")
                .put("conclusion", "success")
                .put("head_branch", "main")
                .put("head_sha", build.commit())
                .put("display_title", title(build))
                .put("html_url", "https://github.com/%s/actions/runs/%d".formatted(fullName(), run))
                .put("created_at", clock.instant().toString())
                .put("updated_at", clock.instant().toString());
        workflowRun.set("actor", user(requester));
        workflowRun.set("triggering_actor", user(requester));
        workflowRun.set("repository", repository());
        workflowRun.set("head_repository", repository());
        ObjectNode commit = workflowRun.putObject("head_commit");
        commit.put("id", build.commit()).put("message", title(build));
        commit.putObject("author").put("name", "Ada Brook").put("email", "ada@shop.example");
        root.putObject("workflow").put("name", "CI").put("path", ".github/workflows/ci.yml");
        root.set("repository", repository());
        root.set("sender", user(requester));
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String title(Build build) {
        return "Build " + build.name();
    }

    private String fullName() {
        return "acme/" + application;
    }

    private ObjectNode repository() {
        ObjectNode repository = JSON.createObjectNode()
                .put("id", REPOSITORY_ID)
                .put("name", application)
                .put("full_name", fullName())
                .put("private", true)
                .put("default_branch", "main")
                .put("html_url", "https://github.com/" + fullName());
        repository.set("owner", user("acme"));
        return repository;
    }

    private static ObjectNode user(String login) {
        return JSON.createObjectNode()
                .put("login", login)
                .put("id", Math.abs(login.hashCode()))
                .put("type", "User");
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no SHA-1", e);
        }
    }
}
