package dev.slipway.trials.events;

import dev.slipway.suite.SuiteFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// How much is said, and how: evenly, each word alone, or as much as arrives.
///
/// @param perSecond words in a second; 0 for as many as arrive
record Load(String name, int perSecond) {
    static final Load SATURATION = new Load("saturation", 0);

    /// As many as a service has connections to its database.
    private static final int SPEAKERS = 16;
    private static final int TOGETHER = 50;
    private static final int UNDER_WAY = 2_000;
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(60);

    /// How a round went: words per second from the first one said to the last one that arrived, and how long each was
    /// under way, counted from when it was due.
    record Round(double perSecond, Duration p50, Duration p99) {}

    static Load steady(int perSecond) {
        return new Load(perSecond + "/s", perSecond);
    }

    /// @throws SuiteFailure when something that was said does not arrive, or arrives twice
    Round drive(Way way, Effects effects, Duration length) throws Exception {
        Arrivals arrivals = new Arrivals(perSecond == 0 ? UNDER_WAY : Arrivals.MOST);
        way.begin(arrivals);
        long before = effects.count();
        long begin = System.nanoTime();
        int said;
        try (ExecutorService speakers = Executors.newFixedThreadPool(SPEAKERS)) {
            said = perSecond == 0
                    ? saturate(way, arrivals, speakers, begin + length.toNanos())
                    : steadily(way, arrivals, speakers, begin, (int) (perSecond * length.toSeconds()));
        }
        if (!arrivals.await(said, ARRIVE_WITHIN)) {
            throw new SuiteFailure("%s: not all of %d words arrived".formatted(way.name(), said));
        }
        long rows = effects.count() - before;
        if (rows != said) {
            throw new SuiteFailure("%s: %d words said, %d rows written".formatted(way.name(), said, rows));
        }
        return new Round(said * 1e9 / (arrivals.last() - begin), arrivals.percentile(50), arrivals.percentile(99));
    }

    private int steadily(Way way, Arrivals arrivals, ExecutorService speakers, long begin, int words) {
        long pause = TimeUnit.SECONDS.toNanos(1) / perSecond;
        for (int number = 0; number < words; number++) {
            Word word = new Word(number, begin + number * pause);
            for (long left = word.due() - System.nanoTime(); left > 0; left = word.due() - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            arrivals.expect(word);
            speakers.execute(() -> way.say(List.of(word)));
        }
        return words;
    }

    private static int saturate(Way way, Arrivals arrivals, ExecutorService speakers, long until) throws Exception {
        AtomicInteger numbers = new AtomicInteger();
        var speaking = new ArrayList<java.util.concurrent.Future<?>>();
        for (int speaker = 0; speaker < SPEAKERS; speaker++) {
            speaking.add(speakers.submit(() -> {
                while (System.nanoTime() < until && numbers.get() < Arrivals.MOST - SPEAKERS * TOGETHER) {
                    way.say(crowd(arrivals, numbers));
                }
                return null;
            }));
        }
        for (var each : speaking) {
            each.get();
        }
        return numbers.get();
    }

    /// As many as there is room for, at most [#TOGETHER].
    private static List<Word> crowd(Arrivals arrivals, AtomicInteger numbers) throws InterruptedException {
        Semaphore room = arrivals.room();
        room.acquire();
        List<Word> words = new ArrayList<>();
        do {
            Word word = new Word(numbers.getAndIncrement(), System.nanoTime());
            arrivals.expect(word);
            words.add(word);
        } while (words.size() < TOGETHER && room.tryAcquire());
        return words;
    }
}
