package dev.slipway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.eventing.CompactedReader;
import dev.slipway.events.TokenChanged;
import dev.slipway.events.Topics;
import dev.slipway.testkit.TestKafka;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two services on one real broker, each reading the tokens for itself.
class RevocationTest {
    private static final Duration PROMISED = Duration.ofSeconds(2);

    private final AccessStory story = new AccessStory();
    private final KnownTokens backup = story.tokens("backup-service");
    private final KnownTokens monitor = story.tokens("monitor-service");
    private List<CompactedReader> readers;

    @BeforeEach
    void read() {
        readers = Stream.of(backup, monitor).map(this::reader).toList();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (CompactedReader reader : readers) {
            reader.close();
        }
    }

    @Test
    void shouldKillARevokedTokenEverywhereInTime() throws Exception {
        List<Duration> latencies =
                IntStream.range(0, 10).mapToObj(_ -> revoke()).toList();

        System.out.println("revoked at both services after " + latencies);
        assertThat(latencies).allMatch(latency -> latency.compareTo(PROMISED) < 0);
    }

    @Test
    void shouldTellAServiceThatStartsLaterOfEveryToken() throws Exception {
        String valid = AccessSecret.next(new SecureRandom());
        String dead = AccessSecret.next(new SecureRandom());
        TokenChanged revoked = story.issued(dead);
        say(story.issued(valid));
        say(revoked);
        say(story.revoked(revoked));

        KnownTokens fresh = story.tokens("notify-service");
        try (var _ = reader(fresh)) {
            assertThat(await(() -> caller(fresh, valid)).map(Caller::name)).contains("mara-laptop");
            assertThatThrownBy(() -> fresh.callerWith(dead))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("revoked");
        }
    }

    private Duration revoke() {
        try {
            String secret = AccessSecret.next(new SecureRandom());
            TokenChanged token = story.issued(secret);
            say(token);
            Stream.of(backup, monitor).forEach(service -> await(() -> caller(service, secret)));

            long start = System.nanoTime();
            say(story.revoked(token));
            Stream.of(backup, monitor)
                    .forEach(service -> await(() -> isDead(service, secret) ? Optional.of(true) : Optional.empty()));
            return Duration.ofNanos(System.nanoTime() - start);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<Caller> caller(KnownTokens service, String secret) {
        try {
            return service.callerWith(secret);
        } catch (Problem starting) {
            assertThat(starting.status()).isEqualTo(503);
            return Optional.empty();
        }
    }

    private static boolean isDead(KnownTokens service, String secret) {
        try {
            service.callerWith(secret);
            return false;
        } catch (Problem refused) {
            return refused.status() == 401;
        }
    }

    /// Asked again and again, without rest, for as long as anybody may wait.
    private static <T> Optional<T> await(java.util.function.Supplier<Optional<T>> question) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < until) {
            Optional<T> answer = question.get();
            if (answer.isPresent()) {
                return answer;
            }
            Thread.onSpinWait();
        }
        return Optional.empty();
    }

    private CompactedReader reader(KnownTokens tokens) {
        return CompactedReader.start(RevocationTest::consumer, tokens, story.clock, Duration.ofSeconds(1));
    }

    private static Consumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestKafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private void say(TokenChanged change) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.ACCESS, change.token().toString(), story.record(change)))
                    .get(10, TimeUnit.SECONDS);
        }
    }
}
