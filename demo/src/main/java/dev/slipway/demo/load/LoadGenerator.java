package dev.slipway.demo.load;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/// The shop's customers: log in once, then look at their orders and place new ones, one in five, on a schedule that
/// does not wait for slow answers.
public final class LoadGenerator {
    private static final long TICK_MILLIS = 5;
    private static final long TIMEOUT_MILLIS = 10_000;
    private static final List<String> ITEMS = List.of("anchor", "rope", "lantern", "compass", "oilskin");

    private final Vertx vertx;
    private final LoadRecord record = new LoadRecord();
    private final String deployment;

    private LoadGenerator(Vertx vertx, LoadPlan plan, Clock clock) {
        this.vertx = vertx;
        this.deployment = vertx.deployVerticle(new Customers(plan, record, clock))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /// Starts when the login succeeded.
    /// @throws java.util.concurrent.CompletionException when the shop lets nobody in
    public static LoadGenerator start(Vertx vertx, LoadPlan plan, Clock clock) {
        return new LoadGenerator(vertx, plan, clock);
    }

    public LoadRecord record() {
        return record;
    }

    /// No request is sent after this.
    public void stop() {
        vertx.undeploy(deployment).toCompletionStage().toCompletableFuture().join();
    }

    private static final class Customers extends AbstractVerticle {
        private final LoadPlan plan;
        private final LoadRecord record;
        private final Clock clock;
        private final Random random = new Random(2003);
        private HttpClient client;
        private String token;
        private long start;
        private long due;
        private int inFlight;
        private long timer;

        Customers(LoadPlan plan, LoadRecord record, Clock clock) {
            this.plan = plan;
            this.record = record;
            this.clock = clock;
        }

        @Override
        public void start(Promise<Void> started) {
            client = vertx.createHttpClient(
                    new HttpClientOptions().setConnectTimeout(2_000).setKeepAliveTimeout(20),
                    new PoolOptions().setHttp1MaxSize(plan.mostInFlight()));
            logIn().onSuccess(_ -> {
                        start = System.nanoTime();
                        timer = vertx.setPeriodic(TICK_MILLIS, _ -> sendWhatIsDue());
                    })
                    .onComplete(started);
        }

        @Override
        public void stop() {
            vertx.cancelTimer(timer);
        }

        private Future<Void> logIn() {
            var login = new JsonObject().put("user", plan.user()).put("password", plan.password());
            return client.request(to(HttpMethod.POST, "/api/login"))
                    .compose(request -> request.send(login.toBuffer()))
                    .compose(answer -> answer.body().map(body -> {
                        if (answer.statusCode() != 200) {
                            throw new IllegalStateException(
                                    "the shop answers %d to the customers' login".formatted(answer.statusCode()));
                        }
                        token = body.toJsonObject().getString("token");
                        return null;
                    }));
        }

        private void sendWhatIsDue() {
            long now = System.nanoTime();
            for (long next = dueAt(due); next <= now; next = dueAt(++due)) {
                if (inFlight >= plan.mostInFlight()) {
                    record.notSent();
                } else {
                    send(next);
                }
            }
        }

        private long dueAt(long request) {
            return start + request * 1_000_000_000L / plan.perSecond();
        }

        private void send(long dueAt) {
            inFlight++;
            boolean places = random.nextInt(5) == 0;
            RequestOptions options = to(places ? HttpMethod.POST : HttpMethod.GET, "/api/orders")
                    .putHeader("Authorization", "Bearer " + token);
            client.request(options)
                    .compose(request -> places ? request.send(order().toBuffer()) : request.send())
                    .compose(answer -> answer.body().map(answer))
                    .onComplete(result -> {
                        inFlight--;
                        var took = Duration.ofNanos(System.nanoTime() - dueAt);
                        if (result.succeeded()) {
                            record.answered(
                                    clock.instant(),
                                    version(result.result()),
                                    result.result().statusCode(),
                                    took);
                        } else {
                            record.answered(clock.instant(), LoadRecord.NO_VERSION, LoadRecord.NO_ANSWER, took);
                        }
                    });
        }

        private JsonObject order() {
            return new JsonObject()
                    .put("item", ITEMS.get(random.nextInt(ITEMS.size())))
                    .put("quantity", 1 + random.nextInt(12));
        }

        private RequestOptions to(HttpMethod method, String path) {
            return new RequestOptions()
                    .setMethod(method)
                    .setHost(plan.shop().getHost())
                    .setPort(plan.shop().getPort())
                    .setURI(path)
                    .setTimeout(TIMEOUT_MILLIS);
        }

        private static String version(HttpClientResponse answer) {
            String version = answer.getHeader("X-Shop-Version");
            return version == null ? LoadRecord.NO_VERSION : version;
        }
    }
}
