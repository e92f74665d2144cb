package dev.slipway.trials.chaos;

import dev.slipway.suite.process.Deadline;
import dev.slipway.trials.check.CheckEvidence;
import dev.slipway.trials.check.Findings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// One run: asks and breaks by the plan, lets everything settle, gathers what there is to see, has it
/// checked.
final class Chaos {
    /// Nobody waits longer for what is still under way when the last fault is over.
    private static final Duration SETTLES_WITHIN = Duration.ofMinutes(15);

    /// How long a difference may still turn out to be only late once nothing is under way.
    private static final Duration LATE = Duration.ofMinutes(4);

    private static final int SHOWN = 5;

    private final Ground ground;
    private final ChaosPlan plan;
    private final List<String> applications;
    private final Clock clock;
    private final Path evidence;
    private final Consumer<String> tell;
    private final List<Thread> asking = new ArrayList<>();

    /// @param applications of the lab
    Chaos(Ground ground, ChaosPlan plan, List<String> applications, Path evidence, Clock clock, Consumer<String> tell) {
        this.ground = ground;
        this.plan = plan;
        this.applications = List.copyOf(applications);
        this.evidence = evidence;
        this.clock = clock;
        this.tell = tell;
    }

    Findings run() throws IOException, SQLException, InterruptedException {
        try (Journal webhooks = Person.journal(ground, "webhooks.jsonl");
                Journal cancels = Person.journal(ground, "cancels.jsonl");
                Journal captures = Person.journal(ground, "captures.jsonl");
                Journal choices = Person.journal(ground, "choices.jsonl");
                Journal faults = Person.journal(ground, "faults.jsonl");
                Journal resent = Person.journal(ground, "resent.jsonl")) {
            var person = new Person(ground, clock, cancels, captures, choices);
            Deadline end = Deadline.in(plan.length().plus(SETTLES_WITHIN));
            long began = System.nanoTime();
            ground.openDoors();
            Thread answering = Thread.ofVirtual().start(person::answerHeld);
            ask(person, new DeliverBuild(ground, clock, webhooks), began, end);
            var breaking = new BreakThings(ground, clock, faults, resent, tell);
            breaking.begin(plan, began);
            breaking.awaitEnd(end);
            tell.accept(ChaosPlan.clock(Duration.ofNanos(System.nanoTime() - began))
                    + "  nothing is broken any more; letting everything settle");
            for (Thread thread : asking) {
                thread.join(end.left());
            }
            Findings findings = settle(end);
            person.leave();
            answering.join();
            return findings;
        }
    }

    /// Everything beside each other, each thing at its time.
    private void ask(Person person, DeliverBuild deliver, long began, Deadline end) {
        for (Ask ask : plan.asks()) {
            asking.add(Thread.ofVirtual().start(() -> {
                pause(began + ask.at().toNanos());
                switch (ask) {
                    case Ask.Push push -> push(person, deliver, push, end);
                    case Ask.Capture capture -> person.capture(capture, end);
                }
            }));
        }
    }

    private void push(Person person, DeliverBuild deliver, Ask.Push push, Deadline end) {
        try {
            String commit = deliver.deliver(push, end);
            if (commit != null && push.cancel() != null) {
                pause(System.nanoTime() + push.cancel().toNanos());
                person.cancel(push.application(), commit, end);
            }
        } catch (IOException e) {
            tell.accept("%s was not built: %s".formatted(push.build(), e));
        }
    }

    /// What looks wrong may only be late: it is looked at again until the deadline.
    private Findings settle(Deadline end) throws IOException, SQLException {
        String underWay = new Settling(ground.rest()).await(end);
        if (!underWay.isEmpty()) {
            tell.accept("still under way: " + underWay);
        }
        Deadline late = Deadline.in(LATE);
        while (true) {
            new GatherEvidence(ground, applications).gather();
            Findings findings = new CheckEvidence(evidence).check();
            if (findings.differences().isEmpty() || late.passed()) {
                return findings;
            }
            tell.accept("%d differences; looking again, for what is only late"
                    .formatted(findings.differences().size()));
            findings.differences().stream().limit(SHOWN).forEach(tell);
            pause(System.nanoTime() + Duration.ofSeconds(10).toNanos());
        }
    }

    private static void pause(long until) {
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
