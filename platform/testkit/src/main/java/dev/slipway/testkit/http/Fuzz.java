package dev.slipway.testkit.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/// Sends a service what nobody should, to every operation of its OpenAPI document, and looks at the answers: none is a
/// fault of the service, none takes long, every refusal is a problem document that says what is wrong.
///
/// The same seed sends the same. `-Dslipway.fuzz.seed=` sets another one, `-Dslipway.fuzz.only=` sends one request of
/// it by itself.
public final class Fuzz {
    private static final Duration LONG = Duration.ofSeconds(1);
    private static final Pattern TYPE = Pattern.compile("urn:slipway:problem:[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int REQUESTS = 5_000;
    private static final int AT_ONCE = 4;
    private static final int MOST_FINDINGS = 25;
    private static final long SEED = Long.getLong("slipway.fuzz.seed", 7);
    private static final int ONLY = Integer.getInteger("slipway.fuzz.only", -1);

    private final URI server;
    private final Ground ground;

    /// What makes requests get further than the door.
    ///
    /// @param token of somebody who may do everything
    /// @param values things that exist, by the names of parameters and members
    /// @param bodies right ones, by operation
    public record Ground(String token, Map<String, List<String>> values, Map<String, String> bodies) {
        /// Ids that are well formed.
        public static final List<String> IDS =
                List.of("018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002");

        /// What every service has, and what one has of its own.
        public static Ground of(String token, Map<String, List<String>> values, Map<String, String> bodies) {
            Map<String, List<String>> allValues = new HashMap<>(Map.of(
                    "application", List.of("shop", "other"), "limit", List.of("1", "200"), "dryRun", List.of("true")));
            Map<String, String> allBodies = new HashMap<>(Map.of(
                    "PUT /api/v1/applications/{application}/manifest",
                    "application: shop\nenvironments:\n  - name: production\n"));
            allValues.putAll(values);
            allBodies.putAll(bodies);
            return new Ground(token, Map.copyOf(allValues), Map.copyOf(allBodies));
        }
    }

    /// @param findings what was wrong, each with what sends it again; empty when all was well
    /// @param statuses how many answers of each there were
    public record Report(List<String> findings, Map<Integer, Integer> statuses) {
        public int requests() {
            return statuses.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    public Fuzz(URI server, Ground ground) {
        this.server = server;
        this.ground = ground;
    }

    /// Sends as many as CI does. @return what was wrong; empty when all was well and something got through
    public List<String> findings() throws IOException, InterruptedException {
        Report report = run(REQUESTS);
        List<String> findings = new ArrayList<>(report.findings());
        if (report.requests() != REQUESTS) {
            findings.add("%d of %d requests were answered".formatted(report.requests(), REQUESTS));
        }
        if (!report.statuses().containsKey(200)) {
            findings.add("nothing got through: " + report.statuses());
        }
        return findings;
    }

    public Report run(int requests) throws IOException, InterruptedException {
        FuzzRequests made;
        try (RawHttp http = new RawHttp(server)) {
            made = new FuzzRequests(Operation.of(WalkRoles.document(http)), ground, SEED);
        }
        List<String> findings = new ArrayList<>();
        Map<Integer, Integer> statuses = new TreeMap<>();
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Report>> parts = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                int first = i;
                parts.add(senders.submit(() -> part(made, first, requests)));
            }
            for (Future<Report> part : parts) {
                findings.addAll(part.get().findings());
                part.get().statuses().forEach((status, count) -> statuses.merge(status, count, Integer::sum));
            }
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
        return new Report(findings, statuses);
    }

    private Report part(FuzzRequests made, int first, int requests) throws IOException {
        List<String> findings = new ArrayList<>();
        Map<Integer, Integer> statuses = new TreeMap<>();
        try (RawHttp http = new RawHttp(server)) {
            for (int number = first; number < requests && findings.size() < MOST_FINDINGS; number += AT_ONCE) {
                if (ONLY < 0 || ONLY == number) {
                    send(http, made.make(number), number, findings, statuses);
                }
            }
        }
        return new Report(findings, statuses);
    }

    private static void send(
            RawHttp http, FuzzRequests.Made made, int number, List<String> findings, Map<Integer, Integer> statuses)
            throws IOException {
        try {
            RawHttp.Answer answer = http.send(made.request());
            statuses.merge(answer.status(), 1, Integer::sum);
            String fault = fault(made, answer);
            // A machine that others use may be slow once.
            if (fault.isEmpty() && answer.took().compareTo(LONG) > 0) {
                Duration again = http.send(made.request()).took();
                fault = again.compareTo(LONG) > 0 ? "took %s, then %s".formatted(answer.took(), again) : "";
            }
            if (!fault.isEmpty()) {
                findings.add("%s%n  %s%n  %d %s%n  -Dslipway.fuzz.seed=%d -Dslipway.fuzz.only=%d"
                        .formatted(fault, made.request(), answer.status(), answer.body(), SEED, number));
            }
        } catch (IOException e) {
            http.close();
            findings.add("%s%n  %s%n  -Dslipway.fuzz.seed=%d -Dslipway.fuzz.only=%d"
                    .formatted(e, made.request(), SEED, number));
        }
    }

    private static String fault(FuzzRequests.Made made, RawHttp.Answer answer) {
        if (answer.status() >= 500) {
            return "a fault of the service";
        }
        if (answer.status() < 400
                || answer.status() == 400 && !isUri(made.request().target())) {
            return "";
        }
        JsonNode problem = answer.json();
        if (!answer.headers().getOrDefault("content-type", "").startsWith("application/problem+json")
                || !TYPE.matcher(problem.path("type").asText("")).matches()
                || problem.path("status").asInt() != answer.status()
                || problem.path("detail").asText("").isBlank()) {
            return "no problem document";
        }
        if (answer.status() == 405 && answer.headers().getOrDefault("allow", "").isBlank()) {
            return "a method is refused, and none is named that is not";
        }
        if (answer.status() == 429 && !answer.headers().containsKey("retry-after")) {
            return "nobody says when to come back";
        }
        return made.tampered() ? "" : unnamed(made, answer.status(), problem.path("faults"));
    }

    /// What is none is refused before anybody of ours reads it.
    private static boolean isUri(String target) {
        try {
            return !new URI(target).toString().isEmpty();
        } catch (URISyntaxException _) {
            return false;
        }
    }

    /// What is invalid is named, down to the member where only one can be.
    private static String unnamed(FuzzRequests.Made made, int status, JsonNode faults) {
        List<String> paths = StreamSupport.stream(faults.spliterator(), false)
                .map(fault -> fault.path("path").asText())
                .toList();
        if (status == 422 && paths.isEmpty()) {
            return "something is invalid, and nothing is named";
        }
        boolean named = made.field().isEmpty()
                || paths.stream().anyMatch(path -> path.startsWith(made.field().get()));
        if (status == 422 && !named) {
            return "'%s' is wrong, and %s is named".formatted(made.field().get(), paths);
        }
        boolean query = made.operation().method().equals("GET");
        boolean parameter = made.operation().parameters().stream().anyMatch(known -> paths.contains(known.name()));
        return status == 400 && query && !parameter ? "a parameter is wrong, and " + paths + " is named" : "";
    }
}
