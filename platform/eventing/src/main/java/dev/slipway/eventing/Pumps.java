package dev.slipway.eventing;

import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// The loops that keep a service moving: consumer → inbox, inbox worker, due work, outbox relay, heartbeat, and one
/// that listens for commits of this and other replicas. Each starts over with back-off when what it needs is away.
@Singleton
@Startup
final class Pumps {
    private static final Logger LOG = Logger.getLogger(Pumps.class);
    private static final String CONSUMER = "pump-consumer";
    private static final Duration BACK_OFF = Duration.ofSeconds(1);
    private static final Duration STOP = Duration.ofSeconds(5);

    /// How long listening blocks before it looks whether the service stops; notifications come through at once.
    private static final int LISTEN_MILLIS = 500;

    private final Jdbi jdbi;
    private final Clock clock;
    private final KafkaSettings kafka;
    private final SchemaGuard schema;
    private final Inbox inbox;
    private final InboxWorker worker;
    private final WorkRunner runner;
    private final PumpSettings settings;
    private final Wake inboxWake = new Wake();
    private final Wake workWake = new Wake();
    private final Wake relayWake = new Wake();
    private final List<Thread> loops = new ArrayList<>();
    private final ExecutorService work = Executors.newVirtualThreadPerTaskExecutor();
    private volatile @Nullable KafkaConsumer<String, byte[]> consuming;
    private volatile boolean stopping;

    Pumps(
            Jdbi jdbi,
            Clock clock,
            KafkaSettings kafka,
            SchemaGuard schema,
            WorkQueue queue,
            @All List<EventHandler<?>> eventHandlers,
            @All List<WorkHandler> workHandlers,
            @ConfigProperty(name = "slipway.service") String service,
            PumpSettings settings) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.kafka = kafka;
        this.schema = schema;
        this.settings = settings;
        this.inbox = new Inbox(clock, service);
        this.worker = new InboxWorker(jdbi, clock, settings.retryDeadline(), eventHandlers);
        String owner = service + "-" + ProcessHandle.current().pid();
        this.runner = new WorkRunner(jdbi, queue, clock, owner, settings.lease(), workHandlers);
        if (settings.enabled()) {
            start();
        }
    }

    private void start() {
        // Like replicas, they keep out of each other's way by the locks of the rows.
        for (int worker = 1; worker <= settings.workers(); worker++) {
            loop("pump-inbox-" + worker, this::workInboxOff);
        }
        loop("pump-work", this::runDueWork);
        loop("pump-heartbeat", this::heartbeat);
        loop("pump-relay", this::relay);
        loop("pump-listen", this::listen);
        if (!inbox.topics().isEmpty()) {
            loop(CONSUMER, this::consume);
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        KafkaConsumer<String, byte[]> consumer = consuming;
        if (consumer != null) {
            consumer.wakeup();
        }
        // An interrupt would break off the consumer's goodbye to its group.
        loops.stream().filter(loop -> !loop.getName().equals(CONSUMER)).forEach(Thread::interrupt);
        work.shutdownNow();
        for (Thread loop : loops) {
            loop.join(STOP);
        }
        if (!loops.isEmpty()) {
            runner.release();
        }
    }

    /// Runs a body again and again until the service stops; what it throws is logged and waited for.
    private void loop(String name, Body body) {
        loops.add(Thread.ofPlatform().name(name).daemon().start(() -> {
            while (!stopping) {
                try {
                    body.run();
                } catch (InterruptedException _) {
                    return;
                } catch (Exception e) {
                    if (!stopping && !pause(name, e)) {
                        return;
                    }
                }
            }
        }));
    }

    private static boolean pause(String name, Exception e) {
        LOG.warnf("%s starts over in %s: %s", name, BACK_OFF, e.toString());
        LOG.debug(name, e);
        try {
            new Wake().await(BACK_OFF);
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    private void workInboxOff() throws InterruptedException {
        if (schema.mayWork() && worker.workOff() > 0) {
            // Handlers write outbox rows and due work: their commits have notified, but this is sooner.
            relayWake.signal();
            workWake.signal();
        }
        inboxWake.await(settings.poll());
    }

    private void runDueWork() throws InterruptedException {
        int most = schema.mayWork() ? Math.max(0, settings.concurrency() - runner.running()) : 0;
        for (WorkQueue.Claim claim : runner.claim(most)) {
            work.execute(() -> {
                runner.run(claim);
                workWake.signal();
            });
        }
        workWake.await(settings.poll());
    }

    private void heartbeat() throws InterruptedException {
        runner.heartbeat();
        new Wake().await(settings.lease().dividedBy(3));
    }

    private void relay() throws InterruptedException {
        try (Relay relay = new Relay(kafka::producer, clock)) {
            while (!stopping) {
                while (schema.mayWork() && relay.publish(jdbi) > 0) {
                    // until nothing is left
                }
                relayWake.await(settings.poll());
            }
        }
    }

    private void listen() throws Exception {
        try (Handle session = jdbi.open()) {
            session.execute("listen " + Outbox.CHANNEL);
            session.execute("listen " + WorkQueue.CHANNEL);
            PGConnection connection = session.getConnection().unwrap(PGConnection.class);
            while (!stopping) {
                for (var notification : connection.getNotifications(LISTEN_MILLIS)) {
                    (notification.getName().equals(Outbox.CHANNEL) ? relayWake : workWake).signal();
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
    }

    private void consume() {
        try (KafkaConsumer<String, byte[]> consumer = kafka.consumer()) {
            consuming = consumer;
            consumer.subscribe(inbox.topics());
            while (!stopping) {
                ConsumerRecords<String, byte[]> records = consumer.poll(settings.poll());
                if (!records.isEmpty()) {
                    jdbi.useTransaction(tx -> inbox.store(tx, records));
                    // What is stored may be worked off; the commit only keeps it from being read again.
                    inboxWake.signal();
                    consumer.commitSync();
                }
            }
        } catch (WakeupException _) {
            // the service stops
        } finally {
            consuming = null;
        }
    }

    private interface Body {
        void run() throws Exception;
    }
}
