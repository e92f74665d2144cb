package dev.slipway.trials.chaos;

import dev.slipway.demo.edge.Edge;
import dev.slipway.demo.load.LoadGenerator;
import dev.slipway.demo.load.LoadPlan;
import dev.slipway.demo.site.ShopDatabases;
import dev.slipway.demo.site.ShopInstances;
import dev.slipway.demo.site.ShopScripts;
import dev.slipway.demo.site.ShopSite;
import dev.slipway.suite.AccessToken;
import dev.slipway.suite.Ports;
import dev.slipway.suite.Suite;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.SuiteOptions;
import dev.slipway.suite.postgres.PostgresServer;
import dev.slipway.suite.process.BackOff;
import dev.slipway.suite.process.PidFile;
import dev.slipway.suite.process.Supervised;
import dev.slipway.suite.process.TcpPort;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Everything chaos stands on: a suite with two replicas of every service, the applications it releases
/// with a database server of their own (what is broken is Slipway, not what it looks after), and the
/// receivers of notices.
final class Ground implements AutoCloseable {
    static final String SHOP = "shop";
    static final Duration READY_WITHIN = Duration.ofMinutes(4);

    private static final int REQUESTS_PER_SECOND = 100;
    private static final int MOST_IN_FLIGHT = 96;
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);

    private final Path project;
    private final Path folder;
    private final Clock clock;
    private final Thread hook = Thread.ofPlatform().name("ground-close").unstarted(this::closeAll);
    private final AccessToken operator = AccessToken.issue("chaos", "admin").withPerson("Kaya");
    private final String webhookSecret = secret();
    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(2));
    private final Receipts receipts;
    private final MailReceiver mail;
    private final HookReceiver hooks;
    private final Lab lab;
    private final ShopSite site;
    private final Edge edge;
    private final Builds builds;
    private final PostgresServer databaseServer;
    private final Supervised databases;
    private final int databasePort = TcpPort.free();
    private Suite suite;
    private LoadGenerator load;
    private boolean closed;

    private Ground(Path project, Path folder, Clock clock, Consumer<String> tell) throws IOException, TimeoutException {
        this.project = project;
        this.folder = folder;
        this.clock = clock;
        this.receipts = new Receipts(evidence("receipts.jsonl"), clock);
        this.mail = new MailReceiver(receipts);
        this.hooks = new HookReceiver(receipts);
        this.lab = new Lab(folder.resolve("lab"));
        this.site = ShopSite.prepare(folder.resolve("shop"));
        this.edge = Edge.start(vertx, site.blue(), site.green(), site.secrets().edge());
        this.builds = new Builds(lab, site, webhookSecret, clock);
        this.databaseServer = new PostgresServer(
                folder.resolve("applications/postgres"),
                project.resolve(".slipway/cache/postgres"),
                folder.resolve("applications/postgres.log"),
                databasePort,
                secret());
        this.databases = new Supervised(
                databaseServer,
                BackOff.standard(READY_WITHIN),
                new PidFile(folder.resolve("applications/postgres.pid")),
                tell);
    }

    /// Starts everything and gives the manifests. What an earlier run left in the folder is stopped and
    /// deleted.
    ///
    /// @param applications names of the lab's applications; the shop comes along by itself
    /// @throws SuiteFailure when the suite does not start, or another one uses the folder
    static Ground prepare(Path project, Path folder, List<String> applications, Clock clock, Consumer<String> tell)
            throws IOException, SQLException, TimeoutException, InterruptedException {
        clear(folder, tell);
        var ground = new Ground(project, folder, clock, tell);
        Runtime.getRuntime().addShutdownHook(ground.hook);
        try {
            ground.start(applications, tell);
            return ground;
        } catch (IOException | SQLException | RuntimeException e) {
            ground.close();
            throw e;
        }
    }

    private static void clear(Path folder, Consumer<String> tell) throws IOException {
        Files.createDirectories(folder);
        // First of all: fails when somebody uses the folder now.
        Suite.stopLeftovers(folder.resolve("suite"), tell);
        PostgresServer.stopLeftover(folder.resolve("applications/postgres"));
        new ShopInstances(folder.resolve("shop")).stopAll();
        for (String part : List.of("evidence", "lab", "shop", "applications", "scripts")) {
            delete(folder.resolve(part));
        }
        for (String part : List.of("evidence", "scripts", "applications")) {
            Files.createDirectories(folder.resolve(part));
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void start(List<String> applications, Consumer<String> tell)
            throws IOException, SQLException, InterruptedException {
        databases.start();
        databases.awaitReady(READY_WITHIN);
        createDatabases(applications);
        Path scripts = folder.resolve("scripts");
        copy(project.resolve("demo/scripts"), scripts);
        copy(project.resolve("trials/scripts"), scripts);
        Ports ports = Ports.free();
        suite = Suite.start(SuiteOptions.in(project, folder.resolve("suite"))
                .withPorts(ports)
                .withReplicas(2)
                .withReadyWithin(READY_WITHIN)
                .withFresh(true)
                .withEnvironment(environment(applications))
                .withAccess(operator)
                .withScripts(scripts)
                .withTell(tell));
        new Introduce(this, applications).introduce();
        Files.writeString(
                evidence("expected.json"),
                new Expected(folder, applications).json().toString());
        Files.writeString(lab.effects(), "");
    }

    private void createDatabases(List<String> applications) throws SQLException {
        site.databases(databaseServer.admin()).create();
        for (String application : applications) {
            String name = LabManifest.database(application);
            try (Connection connection = databaseServer.admin().connect("postgres");
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + name);
            }
            try (Connection connection = databaseServer.admin().connect(name);
                    Statement statement = connection.createStatement()) {
                statement.execute("create table thing as select n as id, md5(n::text) as text"
                        + " from generate_series(1, 1000) n");
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(file.getFileName()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Map<String, String> environment(List<String> applications) {
        Map<String, String> environment = references(applications);
        environment.put("QUARKUS_MAILER_HOST", "127.0.0.1");
        environment.put("QUARKUS_MAILER_PORT", Integer.toString(mail.port()));
        environment.put("QUARKUS_MAILER_FROM", "slipway@shop.example");
        // The receivers' bad moods are short, and so is the run.
        environment.put("SLIPWAY_NOTIFY_RETRY_LONGEST", "PT10S");
        return environment;
    }

    /// What the manifests refer to.
    Map<String, String> references(List<String> applications) {
        Map<String, String> references = new HashMap<>(site.references(databasePort));
        references.putAll(lab.references());
        references.put("SLIPWAY_REF_WEBHOOK_SECRET", webhookSecret);
        references.put("SLIPWAY_REF_SHOP_EDGE_URL", edge.url().toString());
        references.put("SLIPWAY_REF_SHOP_EDGE_ADMIN_URL", edge.adminUrl().toString());
        references.put("SLIPWAY_REF_SHOP_EDGE_METRICS_URL", edge.metricsUrl().toString());
        references.put(LabManifest.hook(SHOP), hooks.url(SHOP).toString());
        applications.forEach(
                name -> references.put(LabManifest.hook(name), hooks.url(name).toString()));
        return references;
    }

    /// The shop's scripts, to be run by hand.
    ShopScripts shopScripts(List<String> applications) throws IOException {
        return new ShopScripts(
                project.resolve("demo/scripts"), project.resolve("demo/slipway.yaml"), references(applications));
    }

    /// Customers come, through the edge, until the ground is closed.
    void openDoors() {
        load = LoadGenerator.start(
                vertx,
                new LoadPlan(edge.url(), "customer", site.secrets().customer(), REQUESTS_PER_SECOND, MOST_IN_FLIGHT),
                clock);
    }

    /// No customers any more; what they had placed is there to be counted.
    void closeDoors() {
        load.stop();
    }

    LoadGenerator load() {
        return load;
    }

    ShopDatabases.Look shopDatabase() throws SQLException {
        return site.databases(databaseServer.admin()).look(ShopDatabases.PRODUCTION);
    }

    Suite suite() {
        return suite;
    }

    Rest rest() {
        return new Rest(suite, operator.secret());
    }

    AccessToken operator() {
        return operator;
    }

    Lab lab() {
        return lab;
    }

    ShopSite site() {
        return site;
    }

    Builds builds() {
        return builds;
    }

    Path project() {
        return project;
    }

    /// Where a file of evidence lies.
    Path evidence(String name) {
        return folder.resolve("evidence").resolve(name);
    }

    void mood(String receiver, Mood mood) {
        switch (receiver) {
            case "mail" -> mail.mood(mood);
            case "hook" -> hooks.mood(mood);
            default -> throw new IllegalArgumentException("no receiver is called " + receiver);
        }
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
        try (lab;
                hooks;
                mail;
                receipts) {
            databases.stop(STOPS_WITHIN);
            new ShopInstances(site.home()).stopAll();
        } catch (IOException e) {
            throw new UncheckedIOException("the ground does not close", e);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static String secret() {
        byte[] bytes = new byte[18];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
