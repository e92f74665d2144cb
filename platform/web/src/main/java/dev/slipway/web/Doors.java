package dev.slipway.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Answers what never reaches an endpoint: paths that nobody serves, bodies that are too large for anybody.
@Singleton
final class Doors {
    private static final int BEFORE_ALL_ELSE = 1000;

    private final ObjectMapper json;
    private final long largestBody;

    Doors(
            ObjectMapper json,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size", defaultValue = "10M") MemorySize largestBody) {
        this.json = json;
        this.largestBody = largestBody.asLongValue();
    }

    void unknownPaths(@Observes Router router) {
        router.route().last().handler(context -> answer(context, HttpProblems.of(404, context.normalizedPath())));
        // `GET * HTTP/1.1`: what has no path is asked of no endpoint.
        router.route().order(Integer.MIN_VALUE).failureHandler(context -> {
            String path = context.request().path();
            if (path != null && path.startsWith("/")) {
                context.next();
            } else {
                answer(context, HttpProblems.of(404, String.valueOf(path)));
            }
        });
    }

    /// Parameters inside a path (`/a;b=c`) are nobody's here, and the framework, which takes them out, decodes what is
    /// left twice.
    void pathsWithParameters(@Observes Filters filters) {
        filters.register(
                context -> {
                    String path = context.request().path();
                    if (path != null && path.indexOf(';') >= 0) {
                        answer(context, HttpProblems.of(404, path));
                    } else {
                        context.next();
                    }
                },
                BEFORE_ALL_ELSE + 1);
    }

    /// The connection stays open and what is still coming is thrown away: a sender whose connection is cut while it
    /// sends never sees the answer.
    void largeBodies(@Observes Filters filters) {
        filters.register(
                context -> {
                    if (announcedLength(context) > largestBody) {
                        answer(context, Problem.tooLarge(largestBody));
                    } else {
                        context.next();
                    }
                },
                BEFORE_ALL_ELSE);
    }

    static long announcedLength(RoutingContext context) {
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }

    void answer(RoutingContext context, Problem problem) {
        try {
            problem.headers().forEach(context.response()::putHeader);
            context.response()
                    .setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, ProblemAnswers.MEDIA_TYPE)
                    .end(json.writeValueAsString(problem.members()));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }
}
