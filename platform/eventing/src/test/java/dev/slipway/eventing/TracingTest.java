package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.WatchFinished;
import dev.slipway.telemetry.Traces;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.testkit.TestKafka;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.quarkus.runtime.ShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.MDC;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What one request starts is one trace, over the outbox, the broker, the inbox and due work.
class TracingTest {
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final Clock clock = Clock.systemUTC();
    private final EventingStory story = new EventingStory();

    @BeforeEach
    void trace() {
        GlobalOpenTelemetry.resetForTest();
        GlobalOpenTelemetry.set(OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .build());
    }

    @AfterEach
    void traceNoMore() {
        GlobalOpenTelemetry.resetForTest();
    }

    @Test
    void shouldMakeOneTraceOfWhatOneRequestStarts() throws Exception {
        Jdbi sending = TestDatabase.fresh("db/eventing").jdbi();
        Jdbi receiving = TestDatabase.fresh("db/eventing").jdbi();
        var service = new Service(story.finished("traced " + Ids.next(clock)));
        Pumps sender = pumps(sending, Catalogue.MONITOR, List.of(), List.of());
        Pumps receiver = pumps(receiving, Catalogue.DEPLOY, List.of(service), List.of(service));
        try {
            try (Traces.Part _ = Traces.begin("POST", SpanKind.SERVER, null)) {
                sending.useTransaction(tx -> new Outbox(clock).write(tx, "r1", service.event));
            }

            assertThat(service.done.poll(30, TimeUnit.SECONDS)).isNotNull();
        } finally {
            sender.stop(new ShutdownEvent());
            receiver.stop(new ShutdownEvent());
        }

        SpanData request = span("POST");
        SpanData work = span("work test");
        SpanData handling = spans.getFinishedSpanItems().stream()
                .filter(span -> span.getSpanId().equals(work.getParentSpanId()))
                .findFirst()
                .orElseThrow();
        assertThat(List.of(handling.getTraceId(), work.getTraceId())).containsOnly(request.getTraceId());
        assertThat(handling.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(handling.getName())
                .isEqualTo("handle " + Catalogue.of(WatchFinished.class).type());
        assertThat(handling.getAttributes().get(AttributeKey.stringKey("slipway.chain")))
                .isEqualTo(service.event.chainId().toString());
        String answer = receiving.withHandle(handle -> handle.select("select traceparent from outbox")
                .mapTo(String.class)
                .one());
        assertThat(answer).isEqualTo("00-%s-%s-01".formatted(work.getTraceId(), work.getSpanId()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'; drop table inbox"
            })
    void shouldIgnoreATraceContextThatIsNone(String header) {
        arrives(header);

        assertThat(story.column("traceparent")).containsExactly((String) null);
        assertThat(story.worker((_, _) -> {}).workOff()).isEqualTo(1);
        assertThat(story.states()).containsExactly("done");
        assertThat(spans.getFinishedSpanItems())
                .singleElement()
                .satisfies(span -> assertThat(span.getParentSpanId()).isEqualTo("0000000000000000"));
    }

    @Test
    void shouldTellInEveryLogLineWhichEventItIsAbout() {
        Event<WatchFinished> event = story.finished("told");
        story.arrives("k", event);
        Map<String, Object> seen = new HashMap<>();

        story.worker((_, _) -> seen.putAll(MDC.getMap())).workOff();

        assertThat(seen)
                .containsEntry("event_id", event.id().toString())
                .containsEntry("chain", event.chainId().toString())
                .containsEntry("release", event.data().release().toString())
                .containsEntry("application", "shop");
        assertThat(MDC.get("event_id")).as("afterwards").isNull();
    }

    private void arrives(String traceparent) {
        byte[] value = EventCodec.toJson(story.finished("odd")).toString().getBytes(StandardCharsets.UTF_8);
        var record = new ConsumerRecord<>("slipway.watch", 0, 0L, "k", value);
        record.headers().add(Traces.HEADER, traceparent.getBytes(StandardCharsets.UTF_8));
        story.jdbi.useTransaction(tx -> story.inbox.store(tx, List.of(record)));
    }

    private SpanData span(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Pumps pumps(Jdbi jdbi, String service, List<EventHandler<?>> events, List<WorkHandler> work) {
        return new Pumps(
                jdbi,
                clock,
                new KafkaSettings(TestKafka.bootstrapServers(), service, Optional.of("tracing")),
                SchemaGuards.knowing(jdbi, clock),
                new WorkQueue(clock),
                events,
                work,
                service,
                new PumpSettings(true, Duration.ofMinutes(1), 2, Duration.ofSeconds(15), 4, Duration.ofSeconds(40)));
    }

    /// Answers the event with due work, and that with an event.
    private final class Service implements EventHandler<WatchFinished>, WorkHandler {
        private final Event<WatchFinished> event;
        private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

        Service(Event<WatchFinished> event) {
            this.event = event;
        }

        @Override
        public Class<WatchFinished> type() {
            return WatchFinished.class;
        }

        @Override
        public Handled handle(Handle tx, Event<WatchFinished> heard) {
            if (!heard.id().equals(event.id())) {
                return Handled.ignored("the broker is shared with other tests");
            }
            new WorkQueue(clock).schedule(tx, kind(), "one", clock.instant());
            return Handled.applied();
        }

        @Override
        public String kind() {
            return "test";
        }

        @Override
        public WorkResult run(WorkItem item) {
            return WorkResult.done(tx -> {
                new Outbox(clock).write(tx, "r1", story.finished("answer"));
                tx.afterCommit(() -> done.add("done"));
            });
        }
    }
}
