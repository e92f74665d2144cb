package dev.slipway.eventing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A compacted topic that a service keeps in memory: a bean that implements this is given everything the topic holds
/// at every start, each replica for itself, and then what is added. No inbox, no group, no offsets: the newest record
/// of a key is all that counts, and whoever starts over reads it again.
///
/// The calls come from one thread, and in order per key. They must not fail: what cannot be read is left out.
public interface CompactedTopic {
    /// Its name, such as `slipway.access`.
    String topic();

    /// @param value null takes the key off
    void take(String key, byte @Nullable [] value);

    /// Everything that was on the topic at that moment has been taken.
    void current(Instant asOf);
}
