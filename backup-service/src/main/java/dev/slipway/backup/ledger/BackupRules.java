package dev.slipway.backup.ledger;

import dev.slipway.backup.ledger.BackupState.Cancelled;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.BackupState.Expired;
import dev.slipway.backup.ledger.BackupState.Failed;
import dev.slipway.backup.ledger.BackupState.Pending;
import dev.slipway.backup.ledger.BackupState.Running;
import dev.slipway.backup.ledger.BackupState.Verifying;
import dev.slipway.backup.ledger.Signal.Begun;
import dev.slipway.backup.ledger.Signal.Broke;
import dev.slipway.backup.ledger.Signal.Copied;
import dev.slipway.backup.ledger.Signal.Drilled;
import dev.slipway.backup.ledger.Signal.Lost;
import dev.slipway.backup.ledger.Signal.Outlived;
import dev.slipway.backup.ledger.Signal.Proved;
import dev.slipway.backup.ledger.Signal.Stopped;
import dev.slipway.backup.ledger.Signal.Stored;
import java.time.Instant;

/// How a backup goes from state to state. Pure: the same question has the same answer.
///
/// ```
///           | Begun | Stored | Proved | Broke | Lost | Drilled | Outlived | Stopped | Copied
/// Pending   | Running | refuse | refuse | Failed | refuse | refuse | refuse | Cancelled | refuse
/// Running   | Running or Failed | Verifying | refuse | Failed | refuse | refuse | refuse | Cancelled | refuse
/// Verifying | Verifying or Failed | ignore | Completed | Failed | refuse | refuse | refuse | Cancelled | refuse
/// Completed | ignore | ignore | ignore | ignore | Failed | Completed | Expired | ignore | Completed
/// Failed    | ignore | refuse | refuse | ignore | ignore | ignore | Expired | ignore | ignore
/// Cancelled | ignore | refuse | refuse | ignore | ignore | ignore | ignore | ignore | ignore
/// Expired   | ignore | refuse | refuse | ignore | ignore | ignore | ignore | ignore | ignore
/// ```
///
/// `Begun` in `Running` or `Verifying` is a takeover: after [#ATTEMPTS] of them the backup fails, so that none is
/// in progress for ever. What was done already is ignored; what cannot be is refused and is a bug or a lost
/// lease.
public final class BackupRules {
    /// How often one backup is taken up before it is given up. Each kill and each outage of the database costs one, and
    /// a bad hour has several; who waits for the backup has a deadline besides.
    public static final int ATTEMPTS = 8;

    private static final String NOT_COMPLETED = "it is not over";

    private BackupRules() {}

    /// The answer to a signal. @see BackupRules
    public sealed interface Decision {
        record Move(BackupState to) implements Decision {}

        record Ignore(String why) implements Decision {}

        record Refuse(String why) implements Decision {}
    }

    public static Decision decide(BackupState state, Signal signal, Instant now) {
        return switch (state) {
            case Pending _ -> pending(signal, now);
            case Running running -> running(running, signal, now);
            case Verifying verifying -> verifying(verifying, signal, now);
            case Completed completed -> completed(completed, signal, now);
            case Failed failed -> failed(failed, signal, now);
            case Cancelled _ -> gone(signal, "it was cancelled");
            case Expired _ -> gone(signal, "it was let go");
        };
    }

    private static Decision pending(Signal signal, Instant now) {
        return switch (signal) {
            case Begun _ -> new Decision.Move(new Running(now, 1));
            case Stored _, Proved _ -> new Decision.Refuse("it has not begun");
            case Broke broke -> new Decision.Move(new Failed(broke.reason(), broke.message(), now, null));
            case Lost _ -> new Decision.Refuse("nothing is stored that could be lost");
            case Drilled _, Outlived _, Copied _ -> new Decision.Refuse(NOT_COMPLETED);
            case Stopped stopped -> new Decision.Move(cancelled(stopped, now));
        };
    }

    private static Decision running(Running state, Signal signal, Instant now) {
        return switch (signal) {
            case Begun _ ->
                state.attempt() < ATTEMPTS
                        ? new Decision.Move(new Running(now, state.attempt() + 1))
                        : new Decision.Move(interrupted("capture", now, null));
            case Stored stored -> new Decision.Move(new Verifying(stored.archive(), 1));
            case Proved _ -> new Decision.Refuse("nothing is stored yet");
            case Broke broke -> new Decision.Move(new Failed(broke.reason(), broke.message(), now, null));
            case Lost _ -> new Decision.Refuse("nothing is stored that could be lost");
            case Drilled _, Outlived _, Copied _ -> new Decision.Refuse(NOT_COMPLETED);
            case Stopped stopped -> new Decision.Move(cancelled(stopped, now));
        };
    }

    private static Decision verifying(Verifying state, Signal signal, Instant now) {
        return switch (signal) {
            case Begun _ ->
                state.attempt() < ATTEMPTS
                        ? new Decision.Move(new Verifying(state.archive(), state.attempt() + 1))
                        : new Decision.Move(interrupted("proof", now, state.archive()));
            case Stored _ -> new Decision.Ignore("it is stored already");
            case Proved proved -> new Decision.Move(new Completed(state.archive(), proved.proofs(), now));
            case Broke broke -> new Decision.Move(new Failed(broke.reason(), broke.message(), now, state.archive()));
            case Lost _ -> new Decision.Refuse("it is not completed: what its proof finds is its result");
            case Drilled _, Outlived _, Copied _ -> new Decision.Refuse(NOT_COMPLETED);
            case Stopped stopped -> new Decision.Move(cancelled(stopped, now));
        };
    }

    private static Decision completed(Completed state, Signal signal, Instant now) {
        return switch (signal) {
            case Begun _, Stored _, Proved _ -> new Decision.Ignore("it is completed");
            case Broke _ -> new Decision.Ignore("it is completed: a late failure of a lost worker changes nothing");
            case Lost lost -> new Decision.Move(new Failed(lost.reason(), lost.message(), now, state.archive()));
            case Drilled drilled -> new Decision.Move(state.with(drilled.proof()));
            case Copied copied -> new Decision.Move(state.copiedTo(copied.location()));
            case Stopped _ -> new Decision.Ignore("it is completed");
            case Outlived outlived ->
                new Decision.Move(new Expired(state.archive(), null, state.finishedAt(), now, outlived.why()));
        };
    }

    private static Decision failed(Failed state, Signal signal, Instant now) {
        String why = "it failed: " + state.reason().label();
        return switch (signal) {
            case Begun _, Broke _, Lost _, Drilled _, Stopped _, Copied _ -> new Decision.Ignore(why);
            case Stored _, Proved _ -> new Decision.Refuse(why);
            case Outlived outlived ->
                new Decision.Move(
                        new Expired(state.archive(), state.reason(), state.finishedAt(), now, outlived.why()));
        };
    }

    private static Decision gone(Signal signal, String why) {
        return switch (signal) {
            case Begun _, Broke _, Lost _, Drilled _, Outlived _, Stopped _, Copied _ -> new Decision.Ignore(why);
            case Stored _, Proved _ -> new Decision.Refuse(why);
        };
    }

    private static Cancelled cancelled(Stopped stopped, Instant now) {
        return new Cancelled(stopped.by(), stopped.reason(), now);
    }

    private static Failed interrupted(String what, Instant now, Archive archive) {
        return new Failed(
                FailureReason.INTERRUPTED,
                "the service ended in the middle of the %s %d times".formatted(what, ATTEMPTS),
                now,
                archive);
    }
}
