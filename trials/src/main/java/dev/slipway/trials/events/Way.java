package dev.slipway.trials.events;

import java.util.List;

/// A way from who says something to a row that says it was heard.
interface Way extends AutoCloseable {
    String name();

    /// From now on arrivals count for this round. Everything of the round before has arrived.
    void begin(Arrivals round);

    /// Says words together. They are under way when this returns.
    void say(List<Word> words);

    @Override
    void close() throws Exception;
}
