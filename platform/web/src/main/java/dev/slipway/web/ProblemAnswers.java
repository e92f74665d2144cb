package dev.slipway.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Provider;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Turns whatever an endpoint throws into problem details.
final class ProblemAnswers {
    static final String MEDIA_TYPE = "application/problem+json";
    /// How the framework says that it cannot read `Accept`, by no exception of its own.
    private static final String NO_MEDIA_TYPE = "Failed to parse media type";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(ProblemAnswers.class);

    private final Provider<AllowedMethods> methods;

    ProblemAnswers(Provider<AllowedMethods> methods) {
        this.methods = methods;
    }

    @ServerExceptionMapper
    Response problem(Problem problem) {
        return problem.answer();
    }

    @ServerExceptionMapper(UnauthorizedException.class)
    Response noToken() {
        return problem(Problem.unauthorized("unauthenticated", "This needs a bearer token.")
                .withHeader(HttpHeaders.WWW_AUTHENTICATE, BearerAuthentication.CHALLENGE));
    }

    @ServerExceptionMapper(AuthenticationFailedException.class)
    Response wrongToken() {
        return problem(Problem.invalidToken("This bearer token is not known here."));
    }

    @ServerExceptionMapper(ForbiddenException.class)
    Response notAllowed() {
        return problem(Problem.forbidden("forbidden", "The token's roles do not allow this."));
    }

    @ServerExceptionMapper
    Response notFound(NotFoundException e, UriInfo uri, RoutingContext routing) {
        return http(e, uri, routing);
    }

    @ServerExceptionMapper
    Response http(WebApplicationException e, UriInfo uri, RoutingContext routing) {
        if (e.getResponse().hasEntity()) {
            return e.getResponse();
        }
        if (e.getCause() instanceof JsonProcessingException json) {
            return problem(JsonFaults.problemOf(json));
        }
        int status = e.getResponse().getStatus();
        if (status >= 500) {
            return unexpected(e, uri);
        }
        Problem problem = HttpProblems.of(status, uri.getPath());
        // The path that was matched, which need not be written as it came.
        Response answer = problem(
                status == 405
                        ? problem.withHeader(HttpHeaders.ALLOW, methods.get().of(routing.normalizedPath()))
                        : problem);
        return withHeadersOf(e.getResponse(), answer);
    }

    /// What the framework has to say besides the status: `Location` of a redirect.
    private static Response withHeadersOf(Response original, Response answer) {
        Response.ResponseBuilder all = Response.fromResponse(answer);
        MultivaluedMap<String, Object> headers = original.getHeaders();
        headers.forEach((name, values) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)
                    && !name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
                values.forEach(value -> all.header(name, value));
            }
        });
        return all.build();
    }

    /// Jackson throws the same whether it reads a request or something of ours; only the former is the caller's
    /// fault.
    @ServerExceptionMapper
    Response mismatch(MismatchedInputException e, UriInfo uri) {
        boolean ofTheRequest = Arrays.stream(e.getStackTrace())
                .anyMatch(frame -> frame.getClassName().endsWith("JacksonMessageBodyReader"));
        return ofTheRequest ? problem(JsonFaults.problemOf(e)) : unexpected(e, uri);
    }

    @ServerExceptionMapper
    Response unexpected(Throwable e, UriInfo uri) {
        if (e instanceof IllegalArgumentException
                && String.valueOf(e.getMessage()).startsWith(NO_MEDIA_TYPE)) {
            return problem(Problem.badRequest(
                    "A header names no media type.", List.of(Fault.at("Accept", "is no list of media types"))));
        }
        if (DatabaseGone.isBehind(e)) {
            LOG.warnf("event=database_gone path=%s reason=\"%s\"", uri.getPath(), e.getMessage());
            return problem(Problem.unavailable("The database does not answer.", RETRY_AFTER));
        }
        UUID id = UUID.randomUUID();
        LOG.errorf(e, "event=unexpected_fault error_id=%s path=%s", id, uri.getPath());
        return problem(unexpected(id));
    }

    static Problem unexpected(UUID id) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("instance", "urn:uuid:" + id);
        return Problem.of(
                500,
                "unexpected-fault",
                "Unexpected fault",
                "The service met something it was not built for; its log has it under error_id %s.".formatted(id),
                more);
    }
}
