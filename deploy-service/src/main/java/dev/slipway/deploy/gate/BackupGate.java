package dev.slipway.deploy.gate;

import dev.slipway.deploy.gate.BackupQuestions.BackupQuestion;
import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.release.ReleaseEvents;
import dev.slipway.eventing.Ids;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.BackupVerified;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// A fresh, proved backup is at hand. Asks backup-service once everything else is open, so that the backup is
/// fresh when the release starts; asks anew when the answer failed to come, was bad, or has grown too old.
@Singleton
final class BackupGate implements Gate {
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

    private final BackupQuestions questions;
    private final ReleaseEvents events;
    private final Clock clock;

    BackupGate(BackupQuestions questions, ReleaseEvents events, Clock clock) {
        this.questions = questions;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "backup";
    }

    @Override
    public boolean guards(Environment environment) {
        return environment.gates().backup() != null;
    }

    @Override
    public Verdict ask(Handle tx, Question question) {
        Optional<BackupQuestion> latest =
                questions.latest(tx, question.release().id());
        if (latest.isEmpty()) {
            return question.othersOpen()
                    ? request(tx, question, "")
                    : new Verdict.Hold(null, "is asked for when the other gates are open");
        }
        Instant now = question.now();
        return switch (latest.get().answer()) {
            case BackupVerified backup
            when tooOld(backup, question) ->
                question.othersOpen()
                        ? request(tx, question, "the last one has grown too old; ")
                        : new Verdict.Hold(null, "the last one has grown too old; asked anew when the others are open");
            case BackupVerified backup -> new Verdict.Open(describe(backup));
            case BackupFailed failed -> afterFailure(tx, question, latest.get(), failed);
            case null, default ->
                now.isBefore(latest.get().deadline())
                        ? new Verdict.Hold(
                                latest.get().deadline(),
                                "asked at " + latest.get().askedAt())
                        : request(
                                tx,
                                question,
                                "the question of %s was not answered; "
                                        .formatted(latest.get().askedAt()));
        };
    }

    private Verdict afterFailure(Handle tx, Question question, BackupQuestion asked, BackupFailed failed) {
        Instant again = asked.askedAt().plus(AFTER_FAILURE);
        String why = "failed: %s (%s)".formatted(failed.message(), failed.reason());
        return question.now().isBefore(again) ? new Verdict.Hold(again, why) : request(tx, question, why + "; ");
    }

    private Verdict request(Handle tx, Question question, String because) {
        Environment.BackupGate wanted = question.environment().gates().backup();
        UUID id = Ids.next(clock);
        Instant deadline = question.now().plus(wanted.timeout());
        questions.add(tx, new BackupQuestion(id, question.release().id(), question.now(), deadline, null));
        events.write(
                tx,
                question.release(),
                new BackupRequested(
                        id,
                        question.release().ref(),
                        wanted.database(),
                        wanted.maxAge(),
                        null,
                        wanted.locations(),
                        wanted.proof(),
                        deadline));
        return new Verdict.Hold(deadline, because + "asked at " + question.now());
    }

    private static boolean tooOld(BackupVerified backup, Question question) {
        Duration maxAge = question.environment().gates().backup().maxAge();
        return backup.snapshotAt().plus(maxAge).isBefore(question.now());
    }

    private static String describe(BackupVerified backup) {
        return "backup %s shows %s at %s, %d rows, proved by %s, in %s"
                .formatted(
                        backup.backup(),
                        backup.database(),
                        backup.snapshotAt(),
                        backup.rows(),
                        backup.proofs().stream().map(BackupVerified.Proof::kind).toList(),
                        backup.locations());
    }
}
