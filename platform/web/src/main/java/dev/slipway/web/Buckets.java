package dev.slipway.web;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// How much each of many may still do: a bucket per key holds so many drops, every act takes one, and time puts them
/// back. Only so many keys are remembered, those used last; one that is forgotten begins anew with a full bucket.
final class Buckets {
    private static final double MILLIS = 1000;

    /// What calculating with fractions may be off by.
    private static final double ROUNDING = 1e-6;

    private final double perSecond;
    private final double size;
    private final Clock clock;
    private final Map<String, Bucket> buckets;

    /// @param perSecond how many drops come back in a second; 0 for no limit at all
    /// @param size how many a bucket holds
    Buckets(double perSecond, double size, int mostKeys, Clock clock) {
        this.perSecond = perSecond;
        this.size = size;
        this.clock = clock;
        this.buckets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > mostKeys;
            }
        };
    }

    /// Takes a drop. @return how long to wait for one when there is none; zero when it was taken
    Duration take(String key) {
        return take(key, 1);
    }

    /// How long to wait for a drop, without taking it.
    Duration look(String key) {
        return take(key, 0);
    }

    private synchronized Duration take(String key, int drops) {
        if (perSecond <= 0) {
            return Duration.ZERO;
        }
        long now = clock.millis();
        Bucket bucket = buckets.get(key);
        double left = bucket == null ? size : bucket.left(now);
        boolean enough = left >= 1 - ROUNDING;
        if (enough && drops > 0) {
            buckets.put(key, new Bucket(left - drops, now));
        }
        return enough ? Duration.ZERO : Duration.ofMillis((long) Math.ceil((1 - left) / perSecond * MILLIS - ROUNDING));
    }

    /// How many keys are remembered.
    synchronized int keys() {
        return buckets.size();
    }

    private final class Bucket {
        private final double left;
        private final long at;

        Bucket(double left, long at) {
            this.left = left;
            this.at = at;
        }

        /// A clock that was put back gives nothing and takes nothing.
        double left(long now) {
            return Math.min(size, left + Math.max(0, now - at) / MILLIS * perSecond);
        }
    }
}
