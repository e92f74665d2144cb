package dev.slipway.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/// Answers for what never reaches an endpoint: paths that nobody serves.
@Singleton
final class UnknownPaths {
    private final ObjectMapper json;

    UnknownPaths(ObjectMapper json) {
        this.json = json;
    }

    void register(@Observes Router router) {
        router.route().last().handler(this::answer);
    }

    private void answer(RoutingContext context) {
        Problem problem = HttpProblems.of(404, context.normalizedPath());
        try {
            context.response()
                    .setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, ProblemAnswers.MEDIA_TYPE)
                    .end(json.writeValueAsString(problem.members()));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }
}
