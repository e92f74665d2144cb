package dev.slipway.trials.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/// What receivers of notices wrote down themselves: every message that reached them whole, with the key
/// it came under and what they did with it.
final class Receipts implements Closeable {
    /// How long a receiver that says nothing keeps a connection.
    static final Duration SILENCE = Duration.ofSeconds(40);

    private final Journal journal;
    private final Clock clock;

    Receipts(Path file, Clock clock) throws IOException {
        this.journal = new Journal(file);
        this.clock = clock;
    }

    /// @param receiver `mail` or `hook`; @param to address or path; @param key the notice's
    /// @param outcome `accepted`, `swallowed` (kept, never answered) or `refused`
    void write(String receiver, String to, String key, String outcome) {
        journal.write(Journal.line()
                .put("at", clock.instant().toString())
                .put("receiver", receiver)
                .put("to", to)
                .put("key", key)
                .put("outcome", outcome));
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
