package dev.slipway.backup.stream;

import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.location.LocationFault.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Hands every chunk to every location that is still well, at the pace of the slowest that is worth waiting for.
final class FanOut implements AutoCloseable {
    /// Chunks on their way to one location: 4 MiB.
    private static final int QUEUED = 64;

    private final List<Sink> sinks = new ArrayList<>();
    private final Buffers buffers;
    private final Pace pace;
    private final int needed;

    FanOut(List<Location> locations, Item item, int needed, Pace pace, int chunkBytes) {
        this.pace = pace;
        this.needed = needed;
        // What each location may have in its queue and in its hands, and some that are being filled.
        this.buffers = new Buffers(locations.size() * (QUEUED + 2) + 4, chunkBytes);
        locations.forEach(location -> sinks.add(new Sink(location, item, QUEUED)));
    }

    /// An empty chunk to be filled and given.
    Chunk take() throws InterruptedException {
        return buffers.take();
    }

    /// Gives a chunk to all of them.
    ///
    /// @throws LocationFault of the first that broke, when those left are not enough
    void give(Chunk chunk) throws LocationFault, InterruptedException {
        try {
            for (Sink sink : sinks) {
                if (sink.isWell()) {
                    give(chunk, sink);
                }
            }
        } finally {
            chunk.release();
        }
        if (well() < needed) {
            throw notEnough();
        }
    }

    private void give(Chunk chunk, Sink sink) throws InterruptedException {
        chunk.hold();
        boolean taken = false;
        try {
            taken = sink.offer(chunk, pace.stall());
        } finally {
            if (!taken) {
                chunk.release();
            }
        }
        if (!taken && sink.isWell()) {
            sink.cut(stalled(sink, "took nothing for " + pace.stall()));
        } else if (sink.waited().compareTo(pace.patience()) > 0 && well() > needed) {
            sink.cut(stalled(sink, "held the dump up for %s altogether".formatted(pace.patience())));
        }
    }

    /// Ends the stream. @return how many locations have all of it, safe but without its final name
    int finish() throws LocationFault, InterruptedException {
        sinks.forEach(Sink::end);
        long end = System.nanoTime() + pace.finish().toNanos();
        int finished = 0;
        for (Sink sink : sinks) {
            Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
            finished += sink.awaitFinished(left) ? 1 : 0;
        }
        if (finished < needed) {
            throw notEnough();
        }
        return finished;
    }

    /// Gives the file its final name wherever it is safe. @return the locations where it has it
    /// @throws LocationFault when those are not enough; no location has it then
    List<Location> publish() throws LocationFault {
        List<Sink> published = sinks.stream().filter(Sink::publish).toList();
        if (published.size() < needed) {
            published.forEach(Sink::withdraw);
            throw notEnough();
        }
        return published.stream().map(Sink::location).toList();
    }

    /// The locations that broke, and how.
    Map<String, LocationFault> faults() {
        Map<String, LocationFault> faults = new LinkedHashMap<>();
        for (Sink sink : sinks) {
            LocationFault fault = sink.fault();
            if (fault != null) {
                faults.put(sink.location().name(), fault);
            }
        }
        return faults;
    }

    private int well() {
        return (int) sinks.stream().filter(Sink::isWell).count();
    }

    private LocationFault notEnough() {
        LocationFault first = faults().values().iterator().next();
        String message = needed == 1 && sinks.size() == 1
                ? first.getMessage()
                : "%s; %d of %d locations left, %d are needed"
                        .formatted(first.getMessage(), well(), sinks.size(), needed);
        return new LocationFault(first.reason(), message, first);
    }

    private static LocationFault stalled(Sink sink, String what) {
        return new LocationFault(
                Reason.STALLED, "location %s: %s".formatted(sink.location().name(), what), null);
    }

    /// Tells every location's thread to leave.
    void giveUp() {
        sinks.forEach(Sink::giveUp);
    }

    @Override
    public void close() {
        giveUp();
        sinks.forEach(Sink::close);
    }
}
