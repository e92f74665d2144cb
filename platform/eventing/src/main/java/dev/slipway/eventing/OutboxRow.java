package dev.slipway.eventing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.events.Envelope;
import dev.slipway.events.EventCodec;
import dev.slipway.telemetry.Traces;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// An event on its way out, as the table has it. The row says everything, so that a program publishes also what only a
/// newer one knows.
///
/// @param data absent from a row that takes its key off the topic
/// @param traceparent the trace it belongs to; absent when nobody traced
record OutboxRow(
        long seq,
        String topic,
        String key,
        Envelope envelope,
        @Nullable JsonNode data,
        @Nullable String traceparent) {
    static OutboxRow of(ResultSet rs) throws SQLException {
        String data = rs.getString("data");
        Envelope envelope = new Envelope(
                rs.getObject("event_id", UUID.class),
                rs.getString("type"),
                rs.getString("source"),
                rs.getString("subject"),
                rs.getTimestamp("time").toInstant(),
                rs.getObject("chain_id", UUID.class));
        return new OutboxRow(
                rs.getLong("seq"),
                rs.getString("topic"),
                rs.getString("key"),
                envelope,
                data == null ? null : json(data),
                rs.getString("traceparent"));
    }

    private static JsonNode json(String data) {
        try {
            return EventCodec.json().readTree(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL's JSON is none", e);
        }
    }

    ProducerRecord<String, byte[]> record() {
        if (data == null) {
            return new ProducerRecord<>(topic, key, null);
        }
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                topic, key, EventCodec.toJson(envelope, data).toString().getBytes(StandardCharsets.UTF_8));
        EventCodec.headers(envelope)
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        if (traceparent != null) {
            record.headers().add(Traces.HEADER, traceparent.getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }
}
