package dev.slipway.eventing;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Clients of the broker with the settings the promises of the outbox and the inbox rest on.
@Singleton
final class KafkaSettings {
    private final String servers;
    private final String group;
    private final Optional<String> replica;
    private final Map<String, String> security;

    /// @param replica name of this replica, unique within the service: a process that comes back under its name gets
    /// its partitions at once, instead of when the dead one's session ends
    @Inject
    KafkaSettings(
            @ConfigProperty(name = "kafka.bootstrap.servers") String servers,
            @ConfigProperty(name = "slipway.service") String service,
            @ConfigProperty(name = "slipway.replica") Optional<String> replica,
            Config config) {
        this(servers, service, replica, security(config));
    }

    /// Of a broker that lets everybody in.
    KafkaSettings(String servers, String service, Optional<String> replica) {
        this(servers, service, replica, Map.of());
    }

    /// @param security how the broker is met, by Kafka's own names
    KafkaSettings(String servers, String service, Optional<String> replica, Map<String, String> security) {
        this.servers = servers;
        this.group = service;
        this.replica = replica;
        this.security = Map.copyOf(security);
    }

    /// All that Kafka's clients know of TLS and SASL, under `kafka.`: `KAFKA_SECURITY_PROTOCOL` …
    static Map<String, String> security(Config config) {
        Map<String, String> settings = new HashMap<>();
        AdminClientConfig.configNames().stream()
                .filter(KafkaSettings::isSecurity)
                .forEach(name -> config.getOptionalValue("kafka." + name, String.class)
                        .ifPresent(value -> settings.put(name, value)));
        return settings;
    }

    private static boolean isSecurity(String name) {
        return name.equals(AdminClientConfig.SECURITY_PROTOCOL_CONFIG)
                || name.startsWith("ssl.")
                || name.startsWith("sasl.");
    }

    private Map<String, Object> connection() {
        Map<String, Object> settings = new HashMap<>(security);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        return settings;
    }

    KafkaProducer<String, byte[]> producer() {
        Map<String, Object> settings = connection();
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // One request at a time keeps an event from leaving before an earlier one that must be sent again.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        // Shorter than PostgreSQL's patience with the relay's transaction, see idle_in_transaction_session_timeout in
        // the defaults.
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /// For questions about the broker itself.
    Admin admin() {
        Map<String, Object> settings = connection();
        settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5_000);
        return Admin.create(settings);
    }

    KafkaConsumer<String, byte[]> consumer() {
        Map<String, Object> settings = connection();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A new service reads everything the topics still hold.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 200);
        // Events of a megabyte come a few at a time.
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024);
        // A killed consumer's partitions are free again after this.
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        replica.ifPresent(name -> settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, group + "-" + name));
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /// A consumer of nobody's group: it is told what to read, and keeps no offsets.
    Consumer<String, byte[]> reader() {
        Map<String, Object> settings = connection();
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        // After a broker comes back, no longer than this until it is noticed.
        settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
