package dev.slipway.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.idempotency.Begun.Claim;
import dev.slipway.web.Caller;
import dev.slipway.web.Fault;
import dev.slipway.web.Problem;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/// `Idempotency-Key` on every POST of a token: the same request again gets the first one's answer, and is done once.
///
/// The key is noted before the resource is asked, the effect in the effect's own transaction, the answer before it is
/// sent. Whoever dies between the last two leaves a key whose effect is known and whose answer is not.
@Singleton
final class IdempotencyFilter {
    static final String HEADER = "Idempotency-Key";
    static final String REPLAYED = "Idempotency-Replayed";
    private static final Logger LOG = Logger.getLogger(IdempotencyFilter.class);
    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,255}");

    /// The largest body of any operation but webhooks, which have no tokens.
    private static final int LARGEST_BODY = 2 << 20;

    private final Keys keys;
    private final Caller caller;
    private final ObjectMapper json;

    IdempotencyFilter(Keys keys, Caller caller, ObjectMapper json) {
        this.keys = keys;
        this.caller = caller;
        this.json = json;
    }

    @ServerRequestFilter
    Optional<Response> begins(ContainerRequestContext request, ResourceInfo resource, RoutingContext routing)
            throws IOException {
        String key = request.getHeaderString(HEADER);
        if (key == null
                || !request.getMethod().equals("POST")
                || request.getHeaderString(HttpHeaders.AUTHORIZATION) == null
                || request.getUriInfo().getPath().contains("api/v1/webhooks/")) {
            return Optional.empty();
        }
        if (!VISIBLE.matcher(key).matches()) {
            String message = "must be 1 to 255 visible ASCII characters";
            throw Problem.badRequest(HEADER + " " + message, List.of(Fault.at(HEADER, message)));
        }
        String operation = resource.getResourceClass().getSimpleName() + "."
                + resource.getResourceMethod().getName();
        return switch (keys.begin(caller.name() + " " + operation, key, fingerprint(request))) {
            case Begun.First first -> {
                routing.put(EffectNotes.CLAIM, first.claim());
                yield Optional.empty();
            }
            case Begun.Answered answered -> Optional.of(replay(answered.answer()));
            case Begun.OtherRequest _ ->
                throw Problem.of(
                        422,
                        "idempotency-key-reused",
                        "Key used for another request",
                        "This key came with another path or body before.",
                        Map.of("faults", List.of(Fault.at(HEADER, "was used for another request"))));
            case Begun.UnderWay _ ->
                throw Problem.conflict(
                                "request-under-way",
                                "The request with this key is being worked on; ask again for its answer.",
                                Map.of())
                        .withHeader(HttpHeaders.RETRY_AFTER, "1");
            case Begun.AnswerLost _ ->
                throw Problem.conflict(
                        "answer-lost",
                        "The request with this key was done, but its answer was lost; look what became of it.",
                        Map.of());
        };
    }

    @ServerResponseFilter
    void ends(ContainerResponseContext response, RoutingContext routing) {
        Claim claim = routing.remove(EffectNotes.CLAIM);
        if (claim == null) {
            return;
        }
        try {
            int status = response.getStatus();
            if (status >= 500 || status == 429) {
                keys.failed(claim);
            } else {
                keys.answered(claim, answer(response));
            }
        } catch (RuntimeException | JsonProcessingException e) {
            // The caller gets its answer; whoever asks again is told that it is lost.
            LOG.warnf("event=answer_not_kept reason=\"%s\"", e.getMessage());
        }
    }

    private Answer answer(ContainerResponseContext response) throws JsonProcessingException {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        response.getStringHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
                headers.put(name, List.copyOf(values));
            }
        });
        Object entity = response.getEntity();
        if (entity != null && response.getMediaType() == null) {
            headers.put(HttpHeaders.CONTENT_TYPE, List.of(MediaType.APPLICATION_JSON));
        }
        // What must not be stored on the way (a secret that is shown once) is not stored here.
        boolean withheld = String.valueOf(response.getHeaderString(HttpHeaders.CACHE_CONTROL))
                .contains("no-store");
        return new Answer(response.getStatus(), headers, withheld || entity == null ? null : bytes(entity), withheld);
    }

    private byte[] bytes(Object entity) throws JsonProcessingException {
        return switch (entity) {
            case byte[] bytes -> bytes;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            default -> json.writeValueAsBytes(entity);
        };
    }

    private static Response replay(Answer answer) {
        if (answer.withheld()) {
            throw Problem.conflict(
                    "answer-withheld",
                    "The request with this key was done; its answer held a secret and is shown once only.",
                    Map.of());
        }
        Response.ResponseBuilder again = Response.status(answer.status());
        answer.headers().forEach((name, values) -> values.forEach(value -> again.header(name, value)));
        again.header(REPLAYED, "true");
        return answer.body() == null
                ? again.build()
                : again.entity(new String(answer.body(), StandardCharsets.UTF_8))
                        .build();
    }

    /// Reads the body and puts it back.
    private static String fingerprint(ContainerRequestContext request) throws IOException {
        byte[] body = request.getEntityStream().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw Problem.tooLarge(LARGEST_BODY);
        }
        request.setEntityStream(new ByteArrayInputStream(body));
        MessageDigest digest = sha256();
        digest.update(request.getUriInfo().getRequestUri().getRawPath().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '?');
        digest.update(String.valueOf(request.getUriInfo().getRequestUri().getRawQuery())
                .getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        digest.update(body);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
