package dev.slipway.demo.story;

import dev.slipway.demo.topics.EventBook;
import dev.slipway.demo.topics.TopicReader;
import dev.slipway.events.CandidateAccepted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/// Reads every event of the walk back from the topics and holds them against the catalogue and against one another.
public final class ReadTopics {
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(15);

    private final Walk walk;

    public ReadTopics(Walk walk) {
        this.walk = walk;
    }

    /// @param candidates all there should be
    /// @param file gets one CDEvent per line
    public EventBook read(Set<UUID> candidates, Path file) throws IOException {
        var reader = new TopicReader(walk.stage().suite().bootstrapServers());
        var last = new AtomicReference<EventBook>();
        EventBook book = walk.patience()
                .await(
                        "the events telling whole stories",
                        SETTLES_WITHIN,
                        () -> {
                            last.set(new EventBook(reader.readAll()));
                            return Optional.of(last.get())
                                    .filter(read -> read.faults().isEmpty());
                        },
                        () -> faults(last.get()));
        book.write(file);
        Set<UUID> accepted = book.all(CandidateAccepted.class).stream()
                .map(event -> event.data().candidate())
                .collect(Collectors.toSet());
        walk.require(
                accepted.equals(candidates), "the topics know candidates %s, not %s".formatted(accepted, candidates));
        walk.narrator()
                .observed(
                        "%d events%s, each valid by the catalogue, in order, one story per candidate"
                                .formatted(
                                        book.size(),
                                        book.repeated() == 0 ? "" : " (and %d sent again)".formatted(book.repeated())),
                        "topics");
        return book;
    }

    private static String faults(EventBook book) {
        List<String> faults = book.faults();
        return "%d faults:\n%s"
                .formatted(faults.size(), String.join("\n", faults.subList(0, Math.min(12, faults.size()))));
    }
}
