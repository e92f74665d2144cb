package dev.slipway.deploy.gate;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.gate.BackupQuestions.BackupQuestion;
import dev.slipway.deploy.release.History;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseWork;
import dev.slipway.deploy.release.Releases;
import dev.slipway.events.EventData;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Takes the answer to a question of the backup gate, and has the gates asked again.
@Singleton
public final class TakeBackupAnswer {
    private final BackupQuestions questions;
    private final Releases releases;
    private final ReleaseWork work;
    private final History history;
    private final Clock clock;

    public TakeBackupAnswer(
            BackupQuestions questions, Releases releases, ReleaseWork work, History history, Clock clock) {
        this.questions = questions;
        this.releases = releases;
        this.work = work;
        this.history = history;
        this.clock = clock;
    }

    /// @return false when no gate asked under this id
    public boolean take(Handle tx, UUID requestId, EventData answer) {
        Optional<BackupQuestion> question = questions.byId(tx, requestId);
        question.ifPresent(asked -> take(tx, asked, answer));
        return question.isPresent();
    }

    private void take(Handle tx, BackupQuestion asked, EventData answer) {
        Release release = releases.lock(tx, asked.release()).orElseThrow();
        Instant now = clock.instant().truncatedTo(MICROS);
        boolean latest = questions
                .latest(tx, release.id())
                .filter(question -> question.id().equals(asked.id()))
                .isPresent();
        String what = answer.getClass().getSimpleName();
        if (release.startedAt() != null || release.settledAt() != null) {
            history.ignored(tx, release, what, "the release is past its gates", now);
        } else if (!latest) {
            history.ignored(tx, release, what, "the gate has asked anew meanwhile", now);
        } else if (!questions.answer(tx, asked.id(), answer)) {
            history.ignored(tx, release, what, "the gate has its answer", now);
        } else {
            work.gates(tx, release.id(), now);
        }
    }
}
