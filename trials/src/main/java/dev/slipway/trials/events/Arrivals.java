package dev.slipway.trials.events;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.HdrHistogram.ConcurrentHistogram;

/// What has arrived in a round: its effect is committed. Counts each word once.
final class Arrivals {
    static final int MOST = 1 << 20;

    private final long[] due = new long[MOST];
    private final AtomicIntegerArray seen = new AtomicIntegerArray(MOST);
    private final ConcurrentHistogram nanos = new ConcurrentHistogram(3);
    private final Semaphore arrived = new Semaphore(0);
    private final Semaphore room;
    private volatile long last;

    /// @param underWay how many words may be said and not have arrived
    Arrivals(int underWay) {
        this.room = new Semaphore(underWay);
    }

    Semaphore room() {
        return room;
    }

    /// Called before the word is said.
    void expect(Word word) {
        due[word.number()] = word.due();
    }

    /// Called after the commit.
    void add(int number) {
        if (seen.getAndSet(number, 1) == 0) {
            last = System.nanoTime();
            nanos.recordValue(Math.max(0, last - due[number]));
            arrived.release();
            room.release();
        }
    }

    /// @return whether so many arrived in time
    boolean await(int words, Duration limit) throws InterruptedException {
        return arrived.tryAcquire(words, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// When the last one arrived ([System#nanoTime]).
    long last() {
        return last;
    }

    Duration percentile(double percent) {
        return Duration.ofNanos(nanos.getValueAtPercentile(percent));
    }
}
