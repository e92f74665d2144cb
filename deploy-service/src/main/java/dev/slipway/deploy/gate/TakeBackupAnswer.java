package dev.slipway.deploy.gate;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.gate.BackupQuestions.BackupQuestion;
import dev.slipway.deploy.release.History;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseWork;
import dev.slipway.deploy.release.Releases;
import dev.slipway.eventing.Handled;
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

    /// @return empty when no gate asked under this id
    public Optional<Handled> take(Handle tx, UUID requestId, EventData answer) {
        return questions.byId(tx, requestId).map(asked -> take(tx, asked, answer));
    }

    private Handled take(Handle tx, BackupQuestion asked, EventData answer) {
        Release release = releases.lock(tx, asked.release()).orElseThrow();
        Instant now = clock.instant().truncatedTo(MICROS);
        boolean latest = questions
                .latest(tx, release.id())
                .filter(question -> question.id().equals(asked.id()))
                .isPresent();
        if (release.startedAt() != null || release.settledAt() != null) {
            return ignored(tx, release, answer, "the release is past its gates", now);
        }
        if (!latest) {
            return ignored(tx, release, answer, "the gate has asked anew meanwhile", now);
        }
        if (!questions.answer(tx, asked.id(), answer)) {
            return ignored(tx, release, answer, "the gate has its answer", now);
        }
        work.gates(tx, release.id(), now);
        return Handled.applied();
    }

    private Handled ignored(Handle tx, Release release, EventData answer, String why, Instant now) {
        history.ignored(tx, release, answer.getClass().getSimpleName(), why, now);
        return Handled.ignored(why);
    }
}
