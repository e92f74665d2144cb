package dev.slipway.deploy.webhook;

/// `workflow_run` payloads as GitHub sends them, shortened to a tenth.
final class WorkflowRuns {
    static final long REPOSITORY_ID = 99;
    static final String COMMIT = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";

    private WorkflowRuns() {}

    /// A good run of `CI` on `main` of `acme/shop`.
    static String good() {
        return good(4711, 1);
    }

    static String good(long run, int attempt) {
        return """
                {
                  "action": "completed",
                  "workflow": {"id": 5, "name": "CI", "path": ".github/workflows/ci.yml"},
                  "workflow_run": {
                    "id": %d,
                    "name": "CI",
                    "run_attempt": %d,
                    "event": "push",
                    "status": "completed",
                    "conclusion": "success",
                    "head_branch": "main",
                    "head_sha": "%s",
                    "html_url": "https://github.example/acme/shop/actions/runs/%d",
                    "actor": {"login": "mara-k"},
                    "triggering_actor": {"login": "mara-k"},
                    "head_commit": {"author": {"name": "Jo Doe", "email": "jo@shop.example"}},
                    "head_repository": {"id": 99, "full_name": "acme/shop"}
                  },
                  "repository": {"id": 99, "full_name": "acme/shop", "private": true}
                }
                """.formatted(run, attempt, COMMIT, run);
    }
}
