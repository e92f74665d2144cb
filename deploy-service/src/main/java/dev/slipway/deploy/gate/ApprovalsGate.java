package dev.slipway.deploy.gate;

import dev.slipway.deploy.manifest.Environment;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Somebody of each role approved this artifact, each another person.
@Singleton
final class ApprovalsGate implements Gate {
    private final Approvals approvals;

    ApprovalsGate(Approvals approvals) {
        this.approvals = approvals;
    }

    @Override
    public String name() {
        return "approvals";
    }

    @Override
    public boolean guards(Environment environment) {
        return !environment.gates().approvals().isEmpty();
    }

    @Override
    public Verdict ask(Handle tx, Question question) {
        List<Approval> given = approvals.of(tx, question.release().id()).stream()
                .filter(approval ->
                        approval.artifact().equals(question.release().artifact()))
                .toList();
        List<String> missing = question.environment().gates().approvals().stream()
                .filter(role ->
                        given.stream().noneMatch(approval -> approval.role().equals(role)))
                .toList();
        if (!missing.isEmpty()) {
            return new Verdict.Hold(null, "waits for " + String.join(", ", missing));
        }
        return new Verdict.Open(given.stream()
                .map(approval -> "%s (%s)".formatted(approval.person(), approval.role()))
                .collect(Collectors.joining(", ", "approved by ", "")));
    }
}
