package dev.slipway.deploy.webhook;

import org.jspecify.annotations.Nullable;

/// The part of GitHub's `workflow_run` payload that matters here, names in camel case; nothing of it leaves this
/// package. Everything may be missing: it is foreign.
///
/// Source: docs.github.com, "Webhook events and payloads", `workflow_run`.
record GitHubPayload(
        @Nullable String action,
        @Nullable Repository repository,
        @Nullable Workflow workflow,
        @Nullable Run workflowRun) {

    /// @param fullName `owner/name`
    record Repository(@Nullable Long id, @Nullable String fullName) {}

    record Workflow(@Nullable String name) {}

    /// @param event what started the run: `push`, `pull_request`, `workflow_dispatch` …
    /// @param headSha the commit
    /// @param headRepository where the commit is: another than `repository` for a fork, null when that was deleted
    /// @param runAttempt 2 and more when the run was run again
    record Run(
            @Nullable Long id,
            @Nullable Integer runAttempt,
            @Nullable String name,
            @Nullable String event,
            @Nullable String conclusion,
            @Nullable String headSha,
            @Nullable String headBranch,
            @Nullable String htmlUrl,
            @Nullable Repository headRepository,
            @Nullable HeadCommit headCommit,
            @Nullable Actor actor,
            @Nullable Actor triggeringActor) {}

    /// @param message may end with trailers that name further authors
    record HeadCommit(
            @Nullable String message,
            @Nullable Person author,
            @Nullable Person committer) {}

    record Person(@Nullable String name, @Nullable String email) {}

    record Actor(@Nullable String login) {}
}
