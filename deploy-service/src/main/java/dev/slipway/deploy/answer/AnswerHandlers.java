package dev.slipway.deploy.answer;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Handled;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupVerified;
import dev.slipway.events.Event;
import dev.slipway.events.NoticeDelivered;
import dev.slipway.events.NoticeFailed;
import dev.slipway.events.RollbackRequested;
import dev.slipway.events.WatchFinished;
import dev.slipway.events.WatchHeld;
import dev.slipway.events.WatchStepPassed;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/// The events deploy-service acts on, each a line.
final class AnswerHandlers {
    private AnswerHandlers() {}

    @Singleton
    record OnBackupVerified(TakeAnswer answers) implements EventHandler<BackupVerified> {
        @Override
        public Class<BackupVerified> type() {
            return BackupVerified.class;
        }

        @Override
        public Handled handle(Handle tx, Event<BackupVerified> event) {
            return answers.toRequest(tx, event.data().requestId(), event.data());
        }
    }

    @Singleton
    record OnBackupFailed(TakeAnswer answers) implements EventHandler<BackupFailed> {
        @Override
        public Class<BackupFailed> type() {
            return BackupFailed.class;
        }

        @Override
        public Handled handle(Handle tx, Event<BackupFailed> event) {
            return answers.toRequest(tx, event.data().requestId(), event.data());
        }
    }

    @Singleton
    record OnNoticeDelivered(TakeAnswer answers) implements EventHandler<NoticeDelivered> {
        @Override
        public Class<NoticeDelivered> type() {
            return NoticeDelivered.class;
        }

        @Override
        public Handled handle(Handle tx, Event<NoticeDelivered> event) {
            return answers.toRequest(tx, event.data().requestId(), event.data());
        }
    }

    @Singleton
    record OnNoticeFailed(TakeAnswer answers) implements EventHandler<NoticeFailed> {
        @Override
        public Class<NoticeFailed> type() {
            return NoticeFailed.class;
        }

        @Override
        public Handled handle(Handle tx, Event<NoticeFailed> event) {
            return answers.toRequest(tx, event.data().requestId(), event.data());
        }
    }

    @Singleton
    record OnWatchStepPassed(TakeAnswer answers) implements EventHandler<WatchStepPassed> {
        @Override
        public Class<WatchStepPassed> type() {
            return WatchStepPassed.class;
        }

        @Override
        public Handled handle(Handle tx, Event<WatchStepPassed> event) {
            WatchStepPassed said = event.data();
            return answers.passed(tx, said.release(), said.step(), said.reason(), said);
        }
    }

    @Singleton
    record OnWatchHeld(TakeAnswer answers) implements EventHandler<WatchHeld> {
        @Override
        public Class<WatchHeld> type() {
            return WatchHeld.class;
        }

        @Override
        public Handled handle(Handle tx, Event<WatchHeld> event) {
            WatchHeld said = event.data();
            return answers.held(tx, said.release(), said.step(), said.reason(), said);
        }
    }

    @Singleton
    record OnRollbackRequested(TakeAnswer answers) implements EventHandler<RollbackRequested> {
        @Override
        public Class<RollbackRequested> type() {
            return RollbackRequested.class;
        }

        @Override
        public Handled handle(Handle tx, Event<RollbackRequested> event) {
            return answers.calledBack(tx, event.data());
        }
    }

    @Singleton
    record OnWatchFinished(TakeAnswer answers) implements EventHandler<WatchFinished> {
        @Override
        public Class<WatchFinished> type() {
            return WatchFinished.class;
        }

        @Override
        public Handled handle(Handle tx, Event<WatchFinished> event) {
            WatchFinished said = event.data();
            return answers.finished(tx, said.release(), said.step(), said.reason(), said);
        }
    }
}
