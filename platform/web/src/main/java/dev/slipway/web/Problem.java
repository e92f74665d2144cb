package dev.slipway.web;

import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// An error as its caller sees it: RFC 9457 problem details. Thrown anywhere below a resource, it becomes the answer
/// (`application/problem+json`); it is an answer, not a fault of the service, so it has no stack trace and is not
/// logged.
///
/// Clients decide by `type`, which never changes its meaning: `urn:slipway:problem:` and a name in kebab case.
/// `detail` is for people and may change.
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String PREFIX = "urn:slipway:problem:";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private final int status;
    private final String name;
    private final String title;
    private final transient Map<String, Object> more;
    private final transient Map<String, String> headers;

    private Problem(
            int status, String name, String title, String detail, Map<String, ?> more, Map<String, String> headers) {
        super(detail, null, false, false);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a problem's type is a name in kebab case, not '%s'".formatted(name));
        }
        this.status = status;
        this.name = name;
        this.title = title;
        this.more = new LinkedHashMap<>(more);
        this.headers = Map.copyOf(headers);
    }

    /// Any other problem.
    ///
    /// @param status the HTTP status, 400 to 599
    /// @param type kebab case, without the prefix
    /// @param title says the same for every problem of this type
    /// @param detail says what is wrong this time
    /// @param more further members of the answer
    public static Problem of(int status, String type, String title, String detail, Map<String, ?> more) {
        return new Problem(status, type, title, detail, more, Map.of());
    }

    /// 404 `not-found`. @param what the kind of thing, `release`
    public static Problem notFound(String what, Object id) {
        return of(404, "not-found", "Not found", "There is no %s '%s'.".formatted(what, id), Map.of());
    }

    /// 409: what was asked does not fit the state that the thing is in. @param more usually that state
    public static Problem conflict(String type, String detail, Map<String, ?> more) {
        return of(409, type, "Conflict with the current state", detail, more);
    }

    /// 422 `invalid`: readable, but wrong; every fault is named.
    public static Problem unprocessable(String detail, List<Fault> faults) {
        return of(422, "invalid", "Invalid content", detail, Map.of("faults", List.copyOf(faults)));
    }

    /// 400 `bad-request`.
    public static Problem badRequest(String detail) {
        return of(400, "bad-request", "Bad request", detail, Map.of());
    }

    /// 400 `bad-request` with the places that are wrong.
    public static Problem badRequest(String detail, List<Fault> faults) {
        return of(400, "bad-request", "Bad request", detail, Map.of("faults", List.copyOf(faults)));
    }

    /// 401 under an own type, for requests that prove themselves by something else than a token (a webhook's
    /// signature).
    public static Problem unauthorized(String type, String detail) {
        return of(401, type, "Not authenticated", detail, Map.of());
    }

    /// 401 `unauthenticated`: the caller showed a token, but none that is valid. @param detail why
    public static Problem invalidToken(String detail) {
        return unauthorized("unauthenticated", detail)
                .withHeader("WWW-Authenticate", BearerAuthentication.CHALLENGE + ", error=\"invalid_token\"");
    }

    /// 403 under an own type, for refusals by more than a role (nobody approves their own release).
    public static Problem forbidden(String type, String detail) {
        return of(403, type, "Not allowed", detail, Map.of());
    }

    /// 412 `changed-meanwhile`: `If-Match` names an older version.
    public static Problem changedMeanwhile(String detail) {
        return of(412, "changed-meanwhile", "Changed meanwhile", detail, Map.of());
    }

    /// 413 `too-large`.
    public static Problem tooLarge(long limitBytes) {
        return of(
                413,
                "too-large",
                "Body too large",
                "The body has more than the allowed %d bytes.".formatted(limitBytes),
                Map.of("limit", limitBytes));
    }

    /// 503 `unavailable`, with `Retry-After`.
    public static Problem unavailable(String detail, Duration retryAfter) {
        return new Problem(
                503,
                "unavailable",
                "Unavailable for now",
                detail,
                Map.of(),
                Map.of("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds()))));
    }

    /// This problem with one more header in its answer.
    public Problem withHeader(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Problem(status, name, title, getMessage(), more, all);
    }

    public int status() {
        return status;
    }

    /// The stable name: `urn:slipway:problem:not-found`.
    public String type() {
        return PREFIX + name;
    }

    /// What is wrong this time.
    public String detail() {
        return getMessage();
    }

    Map<String, String> headers() {
        return headers;
    }

    /// This problem as an answer, for whoever turns an exception of a library into one.
    public Response answer() {
        Response.ResponseBuilder answer =
                Response.status(status).type(ProblemAnswers.MEDIA_TYPE).entity(members());
        headers.forEach(answer::header);
        return answer.build();
    }

    /// The members of the answer in the order they are shown in.
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", type());
        members.put("title", title);
        members.put("status", status);
        members.put("detail", getMessage());
        more.forEach(members::putIfAbsent);
        return members;
    }
}
