package dev.slipway.testkit.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Makes requests for the operations of a service: the n-th is the same whenever it is made.
final class FuzzRequests {
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "FROB");
    private static final List<String> TYPES = List.of(
            "text/plain", "application/xml", "application/json;charset=utf-16", "a", "*/*", "multipart/form-data");
    /// A request line of more than 16,384 bytes is refused before anybody reads it: a query stops growing well before.
    private static final int LONGEST_TARGET = 12_000;

    private static final int LONGEST_VALUE = 500;

    private static final long STRIDE = 0x9E3779B97F4A7C15L;

    private final List<Operation> operations;
    private final Fuzz.Ground ground;
    private final long seed;

    /// @param field the member of a body that is right otherwise; empty when much may be wrong
    /// @param tampered the request is no request for the operation: another method, token or type
    record Made(Operation operation, RawHttp.Request request, Optional<String> field, boolean tampered) {}

    FuzzRequests(List<Operation> operations, Fuzz.Ground ground, long seed) {
        this.operations = operations;
        this.ground = ground;
        this.seed = seed;
    }

    Made make(int number) {
        Junk junk = new Junk(new SplittableRandom(seed ^ STRIDE * (number + 1)));
        Operation operation = operations.get(number % operations.size());
        boolean otherMethod = junk.chance(3);
        boolean otherToken = junk.chance(1);
        boolean otherType = operation.contentType().isPresent() && junk.chance(6);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(
                "Authorization",
                otherToken ? one(junk, "Bearer x", "Basic eDp5", "\u00e4") : "Bearer " + ground.token());
        operation.contentType().ifPresent(type -> headers.put("Content-Type", otherType ? junk.one(TYPES) : type));
        for (Operation.Parameter parameter : operation.parameters()) {
            if (parameter.in().equals("header") && junk.chance(70)) {
                headers.put(parameter.name(), header(value(junk, parameter)));
            }
        }
        if (junk.chance(5)) {
            headers.put(
                    one(junk, "Accept", "If-None-Match", "X-Forwarded-For", "traceparent", "Range"),
                    header(junk.text()));
        }
        Body body = operation.contentType().isPresent() ? body(junk, operation) : new Body(new byte[0], null);
        String method = otherMethod ? junk.one(METHODS) : operation.method();
        boolean raw = junk.chance(5);
        String target = raw ? junk.raw(target(junk, operation)) : target(junk, operation);
        return new Made(
                operation,
                new RawHttp.Request(method, target, headers, body.bytes()),
                Optional.ofNullable(body.field()),
                otherMethod || otherToken || otherType || raw || headers.containsKey("Accept"));
    }

    private static String one(Junk junk, String... of) {
        return junk.one(List.of(of));
    }

    /// What can stand in a header at all.
    private static String header(String text) {
        return text.replaceAll("[\\p{Cntrl}]", "").replaceAll("[^\\x20-\\xff]", "?");
    }

    private String target(Junk junk, Operation operation) {
        String path = operation.path();
        StringBuilder query = new StringBuilder();
        for (Operation.Parameter parameter : operation.parameters()) {
            switch (parameter.in()) {
                case "path" -> path = path.replace("{" + parameter.name() + "}", segment(junk, parameter));
                case "query" -> {
                    if (junk.chance(40)) {
                        String next = (query.isEmpty() ? "?" : "&") + parameter.name() + "="
                                + junk.encoded(value(junk, parameter));
                        if (path.length() + query.length() + next.length() <= LONGEST_TARGET) {
                            query.append(next);
                        }
                    }
                }
                default -> {
                    // headers stand elsewhere
                }
            }
        }
        return path + query;
    }

    /// Empty it would be another path.
    private String segment(Junk junk, Operation.Parameter parameter) {
        String value = junk.encoded(value(junk, parameter));
        return value.isEmpty() ? "-" : value;
    }

    private String value(Junk junk, Operation.Parameter parameter) {
        List<String> known = ground.values().getOrDefault(parameter.name(), List.of());
        String value = known.isEmpty() || junk.chance(40) ? junk.text() : junk.one(known);
        return value.substring(0, Math.min(value.length(), LONGEST_VALUE));
    }

    private record Body(byte[] bytes, @Nullable String field) {}

    private Body body(Junk junk, Operation operation) {
        String example = ground.bodies().get(operation.name());
        if (example != null && !example.startsWith("{")) {
            return new Body(torn(junk, example.getBytes(UTF_8)), null);
        }
        if (example != null && junk.chance(50)) {
            return mutated(junk, example);
        }
        if (junk.chance(15)) {
            return new Body(junk.bytes(), null);
        }
        String object = junk.object(operation.schema().orElseThrow(), ground.values());
        byte[] bytes = (junk.chance(15) ? junk.json(4) : object).getBytes(UTF_8);
        return new Body(junk.chance(10) ? torn(junk, bytes) : bytes, null);
    }

    /// Cut off, or with something else in the middle.
    private static byte[] torn(Junk junk, byte[] bytes) {
        int at = bytes.length == 0 ? 0 : Math.floorMod(Arrays.hashCode(junk.bytes()), bytes.length);
        byte[] start = Arrays.copyOf(bytes, at);
        if (junk.chance(50)) {
            return start;
        }
        byte[] middle = junk.text().getBytes(UTF_8);
        byte[] all = Arrays.copyOf(start, bytes.length + middle.length);
        System.arraycopy(middle, 0, all, at, middle.length);
        System.arraycopy(bytes, at, all, at + middle.length, bytes.length - at);
        return all;
    }

    private static Body mutated(Junk junk, String example) {
        try {
            ObjectNode object = (ObjectNode) new ObjectMapper().readTree(example);
            List<String> names =
                    object.properties().stream().map(Map.Entry::getKey).toList();
            String field = junk.one(names);
            StringBuilder body = new StringBuilder("{");
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                String value = member.getKey().equals(field)
                        ? junk.json(3)
                        : member.getValue().toString();
                body.append(body.length() > 1 ? "," : "")
                        .append(Junk.quoted(member.getKey()))
                        .append(':')
                        .append(value);
            }
            return new Body(body.append('}').toString().getBytes(UTF_8), field);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON object: " + example, e);
        }
    }
}
