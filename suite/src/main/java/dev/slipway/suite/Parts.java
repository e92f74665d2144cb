package dev.slipway.suite;

import dev.slipway.suite.process.Supervised;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The processes of a suite by name. Once it is closed nothing is started any more, so that a stop in the middle of a
/// start leaves nothing behind.
final class Parts {
    private final Map<String, Supervised> parts = new LinkedHashMap<>();
    private boolean closed;

    synchronized void add(Supervised part) {
        parts.put(part.name(), part);
    }

    /// @throws SuiteFailure when there is none of that name
    synchronized Supervised get(String name) {
        Supervised part = parts.get(name);
        if (part == null) {
            throw new SuiteFailure("no part of the suite is called " + name + ", there are " + parts.keySet());
        }
        return part;
    }

    /// Starts them side by side and waits until all of them are ready.
    void start(List<String> names, Duration readyWithin) {
        List<Supervised> started = names.stream().map(this::startOne).toList();
        started.forEach(part -> part.awaitReady(readyWithin));
    }

    /// Stops them side by side and waits until all of them are gone. What was never added is passed over.
    void stop(List<String> names, Duration limit) {
        List<Thread> stops = new ArrayList<>();
        synchronized (this) {
            for (String name : names) {
                Supervised part = parts.get(name);
                if (part != null) {
                    stops.add(Thread.ofVirtual().start(() -> part.stop(limit)));
                }
            }
        }
        for (Thread stop : stops) {
            try {
                stop.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// From here on nothing is started. @return false when it was closed before
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    private synchronized Supervised startOne(String name) {
        if (closed) {
            throw new SuiteFailure("the suite is being stopped");
        }
        Supervised part = get(name);
        part.start();
        return part;
    }
}
