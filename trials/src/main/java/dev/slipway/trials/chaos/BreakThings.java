package dev.slipway.trials.chaos;

import dev.slipway.suite.Suite;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.process.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Carries the plan's faults out, each at its time, and undoes those that last.
final class BreakThings {
    private final Ground ground;
    private final Suite suite;
    private final Clock clock;
    private final Journal journal;
    private final Journal resent;
    private final Consumer<String> tell;
    private final List<Thread> hands = new ArrayList<>();

    BreakThings(Ground ground, Clock clock, Journal journal, Journal resent, Consumer<String> tell) {
        this.ground = ground;
        this.suite = ground.suite();
        this.clock = clock;
        this.journal = journal;
        this.resent = resent;
        this.tell = tell;
    }

    /// Returns at once. @param began when the plan's time starts ([System#nanoTime])
    void begin(ChaosPlan plan, long began) {
        for (Fault fault : plan.faults()) {
            hands.add(Thread.ofVirtual().start(() -> {
                pause(began + fault.at().toNanos());
                carryOut(fault, began);
            }));
        }
    }

    /// Waits until the last fault is over.
    void awaitEnd(Deadline deadline) throws InterruptedException {
        for (Thread hand : hands) {
            hand.join(deadline.left());
        }
    }

    private void carryOut(Fault fault, long began) {
        tell(began, fault.inWords());
        String outcome;
        try {
            outcome = breakIt(fault);
        } catch (SuiteFailure e) {
            outcome = "passed over: " + e.getMessage().lines().findFirst().orElse("");
        } catch (Exception e) {
            outcome = "not done: " + e;
        }
        journal.write(Journal.line()
                .put("at", clock.instant().toString())
                .put("kind", fault.getClass().getSimpleName())
                .put("victim", fault.victim())
                .put("fault", fault.inWords())
                .put("outcome", outcome));
        if (fault.lasts().isPositive() || !outcome.equals("done")) {
            tell(began, "%s: %s".formatted(fault.inWords(), outcome.equals("done") ? "over" : outcome));
        }
    }

    private void tell(long began, String what) {
        tell.accept("%s  %s".formatted(ChaosPlan.clock(Duration.ofNanos(System.nanoTime() - began)), what));
    }

    private String breakIt(Fault fault) throws Exception {
        switch (fault) {
            case Fault.Kill kill -> suite.kill9(kill.victim());
            case Fault.Outage outage -> {
                suite.stop(outage.victim());
                rest(outage);
                suite.startAgain(outage.victim());
            }
            case Fault.Freeze freeze -> {
                suite.freeze(freeze.victim());
                rest(freeze);
                suite.thaw(freeze.victim());
            }
            case Fault.Resend resend -> {
                return new Resend(suite.bootstrapServers(), resent).some(resend) + " sent";
            }
            case Fault.Moody moody -> {
                ground.mood(moody.victim(), moody.mood());
                rest(moody);
                ground.mood(moody.victim(), Mood.WELL);
            }
        }
        return "done";
    }

    private static void rest(Fault fault) {
        pause(System.nanoTime() + fault.lasts().toNanos());
    }

    private static void pause(long until) {
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
