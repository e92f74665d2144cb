package dev.slipway.suite.process;

import dev.slipway.suite.SuiteFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Keeps one [Program] running: starts it, waits until it is ready, starts it again with back-off when it dies, and
/// tells what happens. A program that dies before it was ever ready is not started again: that is a fault to show, not
/// to repeat.
public final class Supervised {
    private static final int TAIL = 15;
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(5);

    /// Where the program stands.
    public sealed interface State {
        /// @param pid 0 while the process does not exist yet
        record Starting(long pid) implements State {}

        record Ready(long pid) implements State {}

        record BackingOff(Duration delay, String why) implements State {}

        record GaveUp(String why) implements State {}

        record Stopped() implements State {}
    }

    private final Program program;
    private final BackOff backOff;
    private final PidFile pidFile;
    private final Consumer<String> tell;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = new State.Stopped();
    private ProcessHandle process;
    private boolean stopping;
    private int restarts;
    private Thread keeper;

    public Supervised(Program program, BackOff backOff, PidFile pidFile, Consumer<String> tell) {
        this.program = program;
        this.backOff = backOff;
        this.pidFile = pidFile;
        this.tell = tell;
    }

    public String name() {
        return program.name();
    }

    public Program program() {
        return program;
    }

    public State state() {
        return locked(() -> state);
    }

    /// How often it was started again since the beginning.
    public int restarts() {
        return locked(() -> restarts);
    }

    /// Starts the program, also after a [#stop], and returns; [#awaitReady] waits for it.
    public void start() {
        lock.lock();
        try {
            if (keeper != null && keeper.isAlive()) {
                throw new IllegalStateException(name() + " is started already");
            }
            stopping = false;
            enter(new State.Starting(0));
            keeper = Thread.ofVirtual().name("keep-" + name()).start(this::keep);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the program is ready, through restarts when need be.
    ///
    /// @throws SuiteFailure with the end of its log when it gave up, was stopped, or is not ready in time
    public void awaitReady(Duration limit) {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!(state instanceof State.Ready)) {
                switch (state) {
                    case State.GaveUp gaveUp -> throw failure(gaveUp.why());
                    case State.Stopped _ -> throw new SuiteFailure(name() + " is stopped");
                    case State.Starting _, State.BackingOff _, State.Ready _ -> {
                        if (left <= 0) {
                            throw failure("not ready after " + limit);
                        }
                        left = changed.awaitNanos(left);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SuiteFailure("interrupted while waiting for " + name(), e);
        } finally {
            lock.unlock();
        }
    }

    /// Kills the process with signal 9 and returns when it is gone. The supervision then starts it again.
    ///
    /// @return the pid of the process that was killed
    public long kill9() {
        ProcessHandle victim = living("kill");
        victim.destroyForcibly();
        Processes.awaitEnd(victim);
        lock.lock();
        try {
            // Who now waits for readiness must not be answered with that of the dead process.
            if (state instanceof State.Ready(long pid) && pid == victim.pid()) {
                enter(new State.Starting(0));
            }
        } finally {
            lock.unlock();
        }
        return victim.pid();
    }

    /// Stops the time of the process until [#thaw]. Its state stays what it is: nobody asks it again.
    ///
    /// @return its pid
    public long freeze() {
        ProcessHandle victim = living("freeze");
        Signal.STOP.send(program.processes(victim));
        return victim.pid();
    }

    /// Lets a frozen process go on; one that is not frozen takes no notice.
    public void thaw() {
        ProcessHandle current = locked(() -> process);
        if (current != null && Processes.lives(current)) {
            Signal.CONTINUE.send(program.processes(current));
        }
    }

    private ProcessHandle living(String verb) {
        ProcessHandle current = locked(() -> process);
        if (current == null || !Processes.lives(current)) {
            throw new SuiteFailure(name() + " has no process to " + verb);
        }
        return current;
    }

    /// Asks the program to stop, waits, and kills what is still there after the limit. Calling it again does nothing.
    public void stop(Duration limit) {
        ProcessHandle current;
        Thread thread;
        lock.lock();
        try {
            stopping = true;
            current = process;
            thread = keeper;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (thread == null) {
            return;
        }
        if (current != null && Processes.lives(current)) {
            // A frozen process hears nothing.
            Signal.CONTINUE.send(program.processes(current));
            program.stop(current);
        }
        Deadline deadline = Deadline.in(limit);
        if (!deadline.await(() -> !thread.isAlive())) {
            tell.accept(name() + " did not stop within " + limit + " and is killed");
            ProcessHandle last = locked(() -> process);
            if (last != null) {
                last.destroyForcibly();
                Deadline.in(KILLED_WITHIN).await(() -> !Processes.lives(last));
            }
        }
    }

    private void keep() {
        boolean everReady = false;
        int inARow = 0;
        while (true) {
            Life life = live();
            if (isStopping()) {
                break;
            }
            everReady |= life.readyFor().isPositive();
            if (!everReady) {
                giveUp(life.ending());
                return;
            }
            inARow = life.readyFor().compareTo(backOff.stable()) >= 0 ? 1 : inARow + 1;
            if (inARow > backOff.restarts()) {
                giveUp(life.ending() + ", after " + backOff.restarts() + " restarts in a row");
                return;
            }
            if (!pause(backOff.before(inARow), life.ending())) {
                break;
            }
        }
        pidFile.delete();
        locked(() -> enter(new State.Stopped()));
    }

    /// One life of the process. @param readyFor zero when it never was
    private record Life(Duration readyFor, String ending) {
        static Life neverReady(String ending) {
            return new Life(Duration.ZERO, ending);
        }
    }

    private Life live() {
        ProcessHandle started;
        try {
            started = program.start();
            pidFile.write(started);
        } catch (IOException | RuntimeException e) {
            return Life.neverReady(e.getMessage());
        }
        if (!adopt(started)) {
            program.stop(started);
            Processes.awaitEnd(started);
            return Life.neverReady("stopped");
        }
        Deadline deadline = Deadline.in(backOff.readyWithin());
        boolean answered = deadline.await(() -> isStopping() || !Processes.lives(started) || program.ready());
        if (!answered && Processes.lives(started)) {
            started.destroyForcibly();
            Processes.awaitEnd(started);
            return Life.neverReady("not ready within " + backOff.readyWithin() + ", so it was killed");
        }
        long ready = System.nanoTime();
        boolean wasReady = !isStopping() && Processes.lives(started);
        if (wasReady) {
            locked(() -> stopping ? state : enter(new State.Ready(started.pid())));
        }
        Processes.awaitEnd(started);
        String ending = program.ending();
        return wasReady ? new Life(Duration.ofNanos(System.nanoTime() - ready), ending) : Life.neverReady(ending);
    }

    private boolean adopt(ProcessHandle started) {
        return locked(() -> {
            process = started;
            if (!stopping) {
                enter(new State.Starting(started.pid()));
            }
            return !stopping;
        });
    }

    private void giveUp(String why) {
        pidFile.delete();
        tell.accept(name() + " gave up: " + why);
        locked(() -> enter(new State.GaveUp(why)));
    }

    /// @return false when it was stopped meanwhile
    private boolean pause(Duration delay, String why) {
        tell.accept("%s died: %s; started again in %d ms".formatted(name(), why, delay.toMillis()));
        long left = delay.toNanos();
        lock.lock();
        try {
            enter(new State.BackingOff(delay, why));
            while (!stopping && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (stopping) {
                return false;
            }
            restarts++;
            enter(new State.Starting(0));
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopping() {
        return locked(() -> stopping);
    }

    private State enter(State next) {
        state = next;
        changed.signalAll();
        return next;
    }

    private SuiteFailure failure(String why) {
        // Without a process of this launcher the log would be about an earlier one.
        String tail = process == null ? "" : "\n" + LogTail.of(program.log(), TAIL);
        return new SuiteFailure(name() + ": " + why + tail);
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
