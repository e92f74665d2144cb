package dev.slipway.demo.receivers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Stands where Slack's incoming webhooks would: takes a post of the right shape, answers `ok` and keeps it; refuses
/// anything else the way Slack does.
public final class SlackReceiver implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_BLOCKS = 50;
    private static final int LONGEST_BODY = 256 * 1024;

    private final HttpServer server;
    private final Clock clock;
    private final String path =
            "/services/T0SLIPWAY/B0SHOP/" + UUID.randomUUID().toString().replace("-", "");
    private final List<Post> posts = new ArrayList<>();

    /// One message as it came. @param body the JSON, `text` and perhaps `blocks`
    public record Post(Instant at, JsonNode body) {
        /// Everything a reader would see.
        public String text() {
            List<String> texts = new ArrayList<>();
            collect(body, texts);
            return String.join("\n", texts);
        }

        private static void collect(JsonNode node, List<String> texts) {
            if (node.path("text").isTextual()) {
                texts.add(node.path("text").asText());
            }
            node.forEach(child -> collect(child, texts));
        }
    }

    private SlackReceiver(HttpServer server, Clock clock) {
        this.server = server;
        this.clock = clock;
    }

    public static SlackReceiver start(Clock clock) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        var receiver = new SlackReceiver(server, clock);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", receiver::take);
        server.start();
        return receiver;
    }

    /// The webhook's address; its path is the secret.
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    public List<Post> posts() {
        synchronized (posts) {
            return List.copyOf(posts);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY);
        if (!exchange.getRequestURI().getPath().equals(path)) {
            answer(exchange, 404, "no_service");
            return;
        }
        String fault = exchange.getRequestMethod().equals("POST") ? keep(body) : "invalid_payload";
        answer(exchange, fault == null ? 200 : 400, fault == null ? "ok" : fault);
    }

    private @Nullable String keep(byte[] body) {
        try {
            JsonNode message = JSON.readTree(body);
            String fault = fault(message);
            if (fault == null) {
                synchronized (posts) {
                    posts.add(new Post(clock.instant(), message));
                }
            }
            return fault;
        } catch (JsonProcessingException _) {
            return "invalid_payload";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return Slack's word for what is wrong with a message, or null when nothing is
    static @Nullable String fault(JsonNode message) {
        if (!message.isObject()) {
            return "invalid_payload";
        }
        JsonNode blocks = message.path("blocks");
        if (blocks.isMissingNode()) {
            return message.path("text").asText().isBlank() ? "no_text" : null;
        }
        boolean wellFormed = blocks.isArray() && !blocks.isEmpty() && blocks.size() <= MOST_BLOCKS;
        for (JsonNode block : blocks) {
            wellFormed &= isBlock(block);
        }
        return wellFormed ? null : "invalid_blocks";
    }

    private static boolean isBlock(JsonNode block) {
        return switch (block.path("type").asText()) {
            case "header" -> isText(block.path("text"), 150);
            case "section" -> block.has("fields") || isText(block.path("text"), 3000);
            case "context", "actions" -> block.path("elements").isArray();
            case "divider" -> true;
            default -> false;
        };
    }

    private static boolean isText(JsonNode text, int longest) {
        String value = text.path("text").asText();
        return text.path("type").isTextual() && !value.isEmpty() && value.length() <= longest;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
