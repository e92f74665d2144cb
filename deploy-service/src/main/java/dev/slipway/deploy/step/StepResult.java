package dev.slipway.deploy.step;

import dev.slipway.events.EventData;
import java.time.Instant;
import java.util.List;

/// How a step's handler left the step. Events and facts are recorded in the transaction that also records the result.
sealed interface StepResult {
    /// What was written outside, for people.
    List<String> lines();

    List<EventData> events();

    List<Fact> facts();

    /// It is through. @param evidence what was observed
    record Done(String evidence, List<String> lines, List<EventData> events, List<Fact> facts) implements StepResult {}

    /// It waits. @param again when to look again at the latest; an answer comes earlier
    record NotYet(Instant again, String why, boolean asked, List<EventData> events) implements StepResult {
        @Override
        public List<String> lines() {
            return List.of();
        }

        @Override
        public List<Fact> facts() {
            return List.of();
        }
    }

    /// It failed. @param retryable another attempt may go better
    record Broke(String reason, boolean retryable, List<String> lines, List<EventData> events, List<Fact> facts)
            implements StepResult {}

    /// Only a person can tell what to make of it.
    record Stuck(String reason, List<String> lines, List<Fact> facts) implements StepResult {
        @Override
        public List<EventData> events() {
            return List.of();
        }
    }

    /// Something a step found out about its release.
    sealed interface Fact {
        record MaintenanceOn(Instant since) implements Fact {}

        record MaintenanceOff(Instant at) implements Fact {}

        /// @param changed whether this step changed it, as far as anybody can tell
        record Schema(String version, boolean changed) implements Fact {}
    }

    static Done done(String evidence) {
        return new Done(evidence, List.of(), List.of(), List.of());
    }

    static Broke broke(String reason) {
        return new Broke(reason, false, List.of(), List.of(), List.of());
    }

    static Broke tryAgain(String reason) {
        return new Broke(reason, true, List.of(), List.of(), List.of());
    }

    /// The question is out; its answer, or the deadline, comes next.
    static NotYet asked(StepContext context, String waitsFor, EventData... questions) {
        return new NotYet(context.deadline(), waitsFor, true, List.of(questions));
    }

    /// Still no answer.
    static NotYet waits(StepContext context, String waitsFor) {
        return new NotYet(context.deadline(), waitsFor, true, List.of());
    }
}
