package dev.slipway.testkit.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 without anybody's help: it sends what it is given, right or wrong. One connection, kept while the server
/// keeps it; not for several threads.
public final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final URI server;
    private @Nullable Socket connection;
    private @Nullable InputStream in;

    public RawHttp(URI server) {
        this.server = server;
    }

    /// @param target path and query, encoded or not
    public record Request(String method, String target, Map<String, String> headers, byte[] body) {
        /// As it goes over the wire.
        byte[] bytes(String host) {
            StringBuilder head = new StringBuilder("%s %s HTTP/1.1\r\nHost: %s\r\n".formatted(method, target, host));
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            if (body.length > 0 || !method.equals("GET")) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
            byte[] start = head.append("\r\n").toString().getBytes(ISO_8859_1);
            byte[] all = Arrays.copyOf(start, start.length + body.length);
            System.arraycopy(body, 0, all, start.length, body.length);
            return all;
        }

        /// For people: the first so many characters.
        @Override
        public String toString() {
            String shown = "%s %s %s %s".formatted(method, target, headers, new String(body, UTF_8));
            return shown.length() > 1500 ? shown.substring(0, 1500) + "…" : shown;
        }
    }

    /// @param headers by lower-case name
    public record Answer(int status, Map<String, String> headers, String body, Duration took) {
        /// The body as JSON; a missing node when it is none.
        public JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (JsonProcessingException _) {
                return MissingNode.getInstance();
            }
        }

        /// The problem's name, `forbidden`; empty when this is no problem document.
        public String problem() {
            String type = json().path("type").asText("");
            return headers.getOrDefault("content-type", "").startsWith("application/problem+json")
                            && type.startsWith("urn:slipway:problem:")
                    ? type.substring("urn:slipway:problem:".length())
                    : "";
        }
    }

    /// Sends and waits for the answer.
    public Answer send(Request request) throws IOException {
        byte[] bytes = request.bytes(server.getHost() + ":" + server.getPort());
        boolean kept = connection != null;
        long began = System.nanoTime();
        try {
            return answer(bytes, request.method(), began);
        } catch (IOException e) {
            close();
            if (!kept) {
                throw e;
            }
            // The server closed what it had kept: nothing was answered, so a new connection is due.
            return answer(bytes, request.method(), began);
        }
    }

    private Answer answer(byte[] request, String method, long began) throws IOException {
        InputStream answers = connected();
        OutputStream out = requireNonNull(connection).getOutputStream();
        out.write(request);
        out.flush();
        String status = line(answers);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = line(answers); !header.isEmpty(); header = line(answers)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int code = Integer.parseInt(status.split(" ", 3)[1]);
        byte[] body = body(answers, method, code, headers);
        if (headers.getOrDefault("connection", "").equalsIgnoreCase("close")) {
            close();
        }
        return new Answer(code, headers, new String(body, UTF_8), Duration.ofNanos(System.nanoTime() - began));
    }

    private static byte[] body(InputStream in, String method, int code, Map<String, String> headers)
            throws IOException {
        if (method.equals("HEAD") || code == 204 || code == 304) {
            return new byte[0];
        }
        if (headers.containsKey("content-length")) {
            return in.readNBytes(Integer.parseInt(headers.get("content-length")));
        }
        if (!headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return in.readAllBytes();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = chunk(in); size > 0; size = chunk(in)) {
            all.write(in.readNBytes(size));
            line(in);
        }
        line(in);
        return all.toByteArray();
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server hung up");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private InputStream connected() throws IOException {
        InputStream open = in;
        if (open == null) {
            Socket made = new Socket(server.getHost(), server.getPort());
            made.setSoTimeout(PATIENCE_MILLIS);
            made.setTcpNoDelay(true);
            connection = made;
            open = new BufferedInputStream(made.getInputStream());
            in = open;
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        Socket open = connection;
        connection = null;
        in = null;
        if (open != null) {
            open.close();
        }
    }
}
