package dev.slipway.demo.story;

import dev.slipway.demo.ci.Ci;
import dev.slipway.demo.edge.Edge;
import dev.slipway.demo.load.LoadGenerator;
import dev.slipway.demo.load.LoadPlan;
import dev.slipway.demo.receivers.Mailbox;
import dev.slipway.demo.receivers.SlackReceiver;
import dev.slipway.demo.site.ShopDatabases;
import dev.slipway.demo.site.ShopInstances;
import dev.slipway.demo.site.ShopScripts;
import dev.slipway.demo.site.ShopSite;
import dev.slipway.suite.Ports;
import dev.slipway.suite.Suite;
import dev.slipway.suite.SuiteOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything a walk stands on: a fresh suite, the shop's site with its databases, the edge, a mailbox, a Slack, a CI.
/// Closing it ends every process that was started on it.
public final class Stage implements AutoCloseable {
    public static final String STAGING = "staging";
    public static final String PRODUCTION = "production";
    public static final String CUSTOMERS = "customers@shop.example";
    public static final String TEAM = "team@shop.example";

    private static final int REQUESTS_PER_SECOND = 200;
    private static final int MOST_IN_FLIGHT = 128;

    private final Path project;
    private final Path folder;
    private final Clock clock;
    private final boolean talkative;
    private final People people = People.introduce();
    private final Thread hook = Thread.ofPlatform().name("stage-close").unstarted(this::closeAll);
    private final Vertx vertx;
    private final Mailbox mailbox;
    private final SlackReceiver slack;
    private final ShopSite site;
    private final Edge edge;
    private final Ci ci;
    private @Nullable Suite suite;
    private @Nullable LoadGenerator load;
    private boolean closed;

    private Stage(Path project, Path folder, Clock clock, boolean talkative) throws IOException, TimeoutException {
        this.project = project;
        this.folder = folder;
        this.clock = clock;
        this.talkative = talkative;
        this.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(2));
        this.mailbox = Mailbox.start();
        this.slack = SlackReceiver.start(clock);
        this.site = ShopSite.prepare(folder.resolve("shop"));
        this.edge = Edge.start(vertx, site.blue(), site.green(), site.secrets().edge());
        this.ci = new Ci(site.home(), site.secrets().webhook(), clock);
    }

    /// Starts everything but the shop and its customers.
    ///
    /// @param project the project's folder, with the built services
    /// @param folder where everything is left; what an earlier stage left there is stopped and deleted
    /// @throws dev.slipway.suite.SuiteFailure when the suite does not start, or another one uses the folder
    public static Stage set(Path project, Path folder, Clock clock, Consumer<String> tell)
            throws IOException, SQLException, TimeoutException {
        return set(project, folder, clock, false, tell);
    }

    /// @param talkative whether the services log everything (DEBUG)
    public static Stage set(Path project, Path folder, Clock clock, boolean talkative, Consumer<String> tell)
            throws IOException, SQLException, TimeoutException {
        clear(folder, tell);
        var stage = new Stage(project, folder, clock, talkative);
        Runtime.getRuntime().addShutdownHook(stage.hook);
        try {
            stage.startSuite(tell);
            return stage;
        } catch (IOException | SQLException | RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    /// Stops and deletes what an earlier stage left in a folder, also one that was killed.
    /// @throws dev.slipway.suite.SuiteFailure when one stands there now
    public static void clear(Path folder, Consumer<String> tell) throws IOException {
        Files.createDirectories(folder);
        // First of all: fails when somebody uses the folder now.
        Suite.stopLeftovers(folder.resolve("suite"), tell);
        new ShopInstances(folder.resolve("shop")).stopAll();
        try (Stream<Path> tree = Files.walk(folder.resolve("shop"))) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (NoSuchFileException _) {
            // The first stage in this folder.
        }
    }

    private void startSuite(Consumer<String> tell) throws IOException, SQLException {
        Ports ports = Ports.free();
        suite = Suite.start(SuiteOptions.in(project, folder.resolve("suite"))
                .withPorts(ports)
                .withFresh(true)
                .withEnvironment(environment(ports))
                .withAccess(people.all())
                .withScripts(project.resolve("demo").resolve("scripts"))
                .withTell(tell));
        databases().create();
    }

    private Map<String, String> environment(Ports ports) {
        Map<String, String> environment = new LinkedHashMap<>(references(ports.postgres()));
        environment.put("QUARKUS_MAILER_HOST", "127.0.0.1");
        environment.put("QUARKUS_MAILER_PORT", Integer.toString(mailbox.port()));
        environment.put("QUARKUS_MAILER_FROM", "slipway@shop.example");
        if (talkative) {
            environment.put("QUARKUS_LOG_LEVEL", "DEBUG");
        }
        return environment;
    }

    private Map<String, String> references(int databasePort) {
        Map<String, String> references = new LinkedHashMap<>(site.references(databasePort));
        references.put("SLIPWAY_REF_SHOP_EDGE_URL", edge.url().toString());
        references.put("SLIPWAY_REF_SHOP_EDGE_ADMIN_URL", edge.adminUrl().toString());
        references.put("SLIPWAY_REF_SHOP_EDGE_METRICS_URL", edge.metricsUrl().toString());
        references.put("SLIPWAY_REF_SHOP_CUSTOMERS_EMAIL", CUSTOMERS);
        references.put("SLIPWAY_REF_SHOP_SLACK_URL", slack.url().toString());
        return references;
    }

    /// Migrates and starts a build by hand in both environments, on blue in production: how the shop ran before.
    public void startShop(Ci.Build build) throws IOException, InterruptedException {
        var scripts = new ShopScripts(
                project.resolve("demo").resolve("scripts"),
                manifest(),
                references(suite().postgres().port()));
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> staging = both.submit(starting(scripts, STAGING, "default", build));
            Future<String> production = both.submit(starting(scripts, PRODUCTION, "blue", build));
            staging.get();
            production.get();
        } catch (ExecutionException e) {
            throw new StoryFailure("the shop does not start: " + e.getCause().getMessage(), e);
        }
    }

    private static Callable<String> starting(ShopScripts scripts, String environment, String target, Ci.Build build) {
        return () -> {
            scripts.run("shop-migrate.sh", environment, target, build.commit());
            return scripts.run("shop-deploy.sh", environment, target, build.commit());
        };
    }

    /// Customers come, through the edge, until the stage is closed.
    public void openDoors() {
        load = LoadGenerator.start(
                vertx,
                new LoadPlan(edge.url(), "customer", site.secrets().customer(), REQUESTS_PER_SECOND, MOST_IN_FLIGHT),
                clock);
    }

    public Suite suite() {
        if (suite == null) {
            throw new IllegalStateException("the suite is not started");
        }
        return suite;
    }

    public LoadGenerator load() {
        if (load == null) {
            throw new IllegalStateException("the doors are not open");
        }
        return load;
    }

    public People people() {
        return people;
    }

    public Ci ci() {
        return ci;
    }

    public Edge edge() {
        return edge;
    }

    public ShopSite site() {
        return site;
    }

    public ShopDatabases databases() {
        return site.databases(suite().postgres());
    }

    /// Every secret of this stage by name: the shop's, each person's token, Slack's address, and all that the suite
    /// made for itself.
    public Map<String, String> secrets() throws IOException {
        Map<String, String> secrets = new LinkedHashMap<>(site.secrets().byName());
        people.all().forEach(token -> secrets.put("token " + token.name(), token.secret()));
        secrets.put("slack", slack.url().getPath());
        try (Stream<Path> files = Files.list(suite().data().resolve("secrets"))) {
            for (Path file : files.toList()) {
                secrets.put(
                        "suite " + file.getFileName(), Files.readString(file).strip());
            }
        }
        return secrets;
    }

    public Mailbox mailbox() {
        return mailbox;
    }

    public SlackReceiver slack() {
        return slack;
    }

    public Clock clock() {
        return clock;
    }

    public Path manifest() {
        return project.resolve("demo").resolve("slipway.yaml");
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is ending: the hook does, or did, the same.
        }
        closeAll();
    }

    /// The suite before the shop: as long as deploy-service runs, it may start another instance.
    private synchronized void closeAll() {
        if (closed) {
            return;
        }
        closed = true;
        if (load != null) {
            load.stop();
        }
        if (suite != null) {
            suite.close();
        }
        try {
            new ShopInstances(site.home()).stopAll();
        } catch (IOException e) {
            throw new UncheckedIOException("the shop's instances could not be found", e);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
            slack.close();
            mailbox.close();
        }
    }
}
