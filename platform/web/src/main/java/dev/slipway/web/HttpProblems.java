package dev.slipway.web;

import java.util.Map;

/// The problems that HTTP itself has, before an endpoint had its say.
final class HttpProblems {
    private HttpProblems() {}

    static Problem of(int status, String path) {
        return switch (status) {
            case 400 -> Problem.badRequest("The request could not be read.");
            case 401 ->
                Problem.unauthorized("unauthenticated", "This needs a bearer token.")
                        .withHeader("WWW-Authenticate", BearerAuthentication.CHALLENGE);
            case 403 -> Problem.forbidden("forbidden", "The token's roles do not allow this.");
            case 404 -> other(404, "not-found", "Not found", "There is nothing at %s.".formatted(path));
            case 405 ->
                other(405, "method-not-allowed", "Method not allowed", "%s does not know this method.".formatted(path));
            case 406 ->
                other(406, "not-acceptable", "Not acceptable", "%s has no such representation.".formatted(path));
            case 413 -> other(413, "too-large", "Body too large", "The body is larger than this service takes.");
            case 415 ->
                other(
                        415,
                        "unsupported-media-type",
                        "Unsupported media type",
                        "%s does not take this Content-Type.".formatted(path));
            default -> other(status, "http-" + status, "HTTP status " + status, "The request was refused.");
        };
    }

    private static Problem other(int status, String type, String title, String detail) {
        return Problem.of(status, type, title, detail, Map.of());
    }
}
