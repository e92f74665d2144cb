package dev.slipway.deploy.report;

import dev.slipway.deploy.environment.Environments;
import dev.slipway.deploy.gate.Approvals;
import dev.slipway.deploy.gate.GateAnswers;
import dev.slipway.deploy.gate.Overrides;
import dev.slipway.deploy.plan.Steps;
import dev.slipway.deploy.release.History;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.Releases;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/// Reads everything about one release, as of one moment.
@Singleton
final class ReadRelease {
    private final Jdbi jdbi;
    private final Releases releases;
    private final Steps steps;
    private final GateAnswers gates;
    private final Approvals approvals;
    private final Overrides overrides;
    private final History history;
    private final Environments environments;

    ReadRelease(
            Jdbi jdbi,
            Releases releases,
            Steps steps,
            GateAnswers gates,
            Approvals approvals,
            Overrides overrides,
            History history,
            Environments environments) {
        this.jdbi = jdbi;
        this.releases = releases;
        this.steps = steps;
        this.gates = gates;
        this.approvals = approvals;
        this.overrides = overrides;
        this.history = history;
        this.environments = environments;
    }

    ReleaseFacts read(UUID id) {
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, tx -> read(tx, id));
    }

    private ReleaseFacts read(Handle tx, UUID id) {
        Release release = releases.existing(tx, id);
        Optional<Release> current = Optional.ofNullable(environments
                        .find(tx, release.application(), release.environment())
                        .current())
                .flatMap(other -> releases.byId(tx, other));
        return new ReleaseFacts(
                release,
                steps.of(tx, id),
                gates.latest(tx, id),
                gates.all(tx, id),
                approvals.of(tx, id),
                overrides.of(tx, id),
                history.of(tx, id),
                releases.calledBack(tx, id).orElse(null),
                current.orElse(null));
    }
}
