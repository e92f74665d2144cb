package dev.slipway.suite;

import dev.slipway.suite.kafka.KafkaBroker;
import dev.slipway.suite.postgres.Postgres;
import dev.slipway.suite.postgres.PostgresServer;
import dev.slipway.suite.postgres.ServiceDatabase;
import dev.slipway.suite.process.BackOff;
import dev.slipway.suite.process.Leftovers;
import dev.slipway.suite.process.PidFile;
import dev.slipway.suite.process.Program;
import dev.slipway.suite.process.Supervised;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// The whole of Slipway on one machine: Apache Kafka, PostgreSQL and the four services, each a process of
/// its own that is started again when it dies. `./slipway up` is one of these; so is what the demo and
/// the stories across services run on.
///
/// ```java
/// AccessToken ops = AccessToken.issue("ops", "admin");
/// try (Suite suite = Suite.start(SuiteOptions.in(home, data).withFresh(true).withAccess(ops))) {
///     URI deploy = suite.url(Catalogue.DEPLOY);
///     suite.kill9(Catalogue.DEPLOY);
///     suite.awaitReady(Catalogue.DEPLOY, Duration.ofSeconds(60));
/// }
/// ```
///
/// A start finds what a launcher that was killed left running on the same data and stops it first.
public final class Suite implements AutoCloseable {
    private static final String KAFKA = "kafka";
    private static final String POSTGRES = "postgres";
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);

    private final SuiteOptions options;
    private final DataFolder data;
    private final Parts parts = new Parts();
    private final Map<String, Replica> replicas = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("suite-stop").unstarted(this::stopAll);
    private PostgresServer server;
    private KafkaBroker broker;

    private Suite(SuiteOptions options) {
        this.options = options;
        this.data = new DataFolder(options.data());
        Replica.all(options.replicas()).forEach(replica -> replicas.put(replica.name(), replica));
    }

    /// Starts everything and returns when all services are ready. When a part does not come up,
    /// everything is stopped again.
    ///
    /// @throws SuiteFailure with what is wrong: folder in use, port taken, service not built, the end of
    /// a log
    public static Suite start(SuiteOptions options) {
        Suite suite = new Suite(options);
        Runtime.getRuntime().addShutdownHook(suite.hook);
        try {
            suite.startAll();
            return suite;
        } catch (IOException | SQLException e) {
            suite.close();
            throw new SuiteFailure("the suite cannot start: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            suite.close();
            throw e;
        }
    }

    /// The services' processes by name: `deploy-service`, the second replica `deploy-service#2`.
    public List<String> processes() {
        return List.copyOf(replicas.keySet());
    }

    /// @param name of a service in the catalogue of events, such as `deploy-service`, or of a further
    /// replica, `deploy-service#2`
    public SuiteService service(String name) {
        return new SuiteService(parts.get(name), url(name));
    }

    /// @param name as for [#service]; without a number that of the first replica
    public URI url(String name) {
        Replica replica = replicas.get(name);
        if (replica == null) {
            throw new SuiteFailure("no service is called " + name + ", there are " + replicas.keySet());
        }
        return URI.create("http://127.0.0.1:" + options.ports().of(replica));
    }

    /// Name of each service → its first replica's URL.
    public Map<String, URI> urls() {
        Map<String, URI> urls = new LinkedHashMap<>();
        SuiteOptions.SERVICES.stream()
                .filter(replicas::containsKey)
                .forEach(service -> urls.put(service, url(service)));
        return urls;
    }

    /// The secret of one of the tokens the suite was started with.
    /// @throws SuiteFailure when there is none of that name, or only its hash was kept
    public String token(String name) {
        return options.access().stream()
                .filter(token -> token.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new SuiteFailure("no token is called " + name))
                .secret();
    }

    /// The database server, as superuser.
    public Postgres postgres() {
        return server.admin();
    }

    /// Kafka's `host:port`.
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    public Path data() {
        return data.root();
    }

    /// One log per process.
    public Path logs() {
        return data.logs();
    }

    /// Kills a part with signal 9; it is started again with back-off. Returns when the process is gone.
    ///
    /// @param name of a service's process, `kafka` or `postgres`
    /// @return the pid of the process killed
    public long kill9(String name) {
        return parts.get(name).kill9();
    }

    /// Stops the time of a part (signal 19): its process and those it started do nothing until [#thaw].
    ///
    /// @return the pid of its process
    public long freeze(String name) {
        return parts.get(name).freeze();
    }

    /// Lets a frozen part go on; one that is not frozen takes no notice.
    public void thaw(String name) {
        parts.get(name).thaw();
    }

    /// Waits until a part is ready (again).
    /// @throws SuiteFailure with the end of its log when it is not in time
    public void awaitReady(String name, Duration limit) {
        parts.get(name).awaitReady(limit);
    }

    /// Stops one part, which then stays down until [#startAgain].
    public void stop(String name) {
        parts.get(name).stop(STOPS_WITHIN);
    }

    /// Starts a part that was stopped and waits until it is ready.
    public void startAgain(String name) {
        parts.start(List.of(name), options.readyWithin());
    }

    /// Blocks until the suite was stopped.
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /// Stops the services, then Kafka, then PostgreSQL, each with a deadline after which it is killed.
    /// The data stay.
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is ending: the hook does, or did, the same.
        }
        stopAll();
    }

    /// Stops what a launcher that was killed left running on these data.
    ///
    /// @throws SuiteFailure when a launcher uses them now
    public static void stopLeftovers(Path folder, Consumer<String> tell) {
        try (DataFolder data = new DataFolder(folder)) {
            data.open();
            stopLeftovers(data, tell);
        } catch (IOException e) {
            throw new SuiteFailure("cannot stop what is left on " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void stopLeftovers(DataFolder data, Consumer<String> tell) throws IOException {
        Leftovers.stop(data.pids(), tell);
        PostgresServer.stopLeftover(data.postgres());
    }

    private void startAll() throws IOException, SQLException {
        data.open();
        stopLeftovers(data, options.tell());
        if (options.fresh()) {
            data.clear();
        }
        Files.createDirectories(options.scripts());
        server = postgresServer(data.secrets().of(POSTGRES));
        broker = new KafkaBroker(data.kafka(), options.ports().kafka());
        Map<String, ServiceDatabase> databases = databases();

        add(server, data.postgresPidFile());
        add(broker.program(ServiceEnvironment.inherited(), data.log(KAFKA)), data.pidFile(KAFKA));
        startParts(List.of(POSTGRES, KAFKA));
        server.create(databases.values());
        broker.createTopics();

        ServiceEnvironment environment = new ServiceEnvironment(options, data, broker.bootstrapServers(), databases);
        ServicePrograms programs = new ServicePrograms(options, data, http);
        for (Replica replica : replicas.values()) {
            add(programs.of(replica, environment.of(replica)), data.pidFile(replica.name()));
        }
        if (!replicas.isEmpty()) {
            startParts(processes());
        }
    }

    private PostgresServer postgresServer(String password) throws IOException {
        Path binaries =
                DataFolder.create(options.home().resolve(".slipway/cache")).resolve(POSTGRES);
        return new PostgresServer(
                data.postgres(), binaries, data.log(POSTGRES), options.ports().postgres(), password);
    }

    private Map<String, ServiceDatabase> databases() throws IOException {
        Map<String, ServiceDatabase> databases = new LinkedHashMap<>();
        for (String service : SuiteOptions.SERVICES) {
            String name = databaseOf(service);
            databases.put(
                    service,
                    new ServiceDatabase(
                            name,
                            data.secrets().of(name + "_owner"),
                            data.secrets().of(name + "_app")));
        }
        return databases;
    }

    /// `slipway_deploy` for `deploy-service`.
    static String databaseOf(String service) {
        return "slipway_" + service.replace("-service", "");
    }

    private void add(Program program, PidFile pidFile) {
        BackOff backOff = BackOff.standard(options.readyWithin());
        parts.add(new Supervised(program, backOff, pidFile, options.tell()));
    }

    private void startParts(List<String> names) {
        long began = System.nanoTime();
        parts.start(names, options.readyWithin());
        double seconds = (System.nanoTime() - began) / 1e9;
        options.tell().accept("%s ready after %.1f s".formatted(String.join(", ", names), seconds));
    }

    private void stopAll() {
        if (!parts.close()) {
            awaitOtherStop();
            return;
        }
        try {
            parts.stop(processes(), STOPS_WITHIN);
            parts.stop(List.of(KAFKA), STOPS_WITHIN);
            parts.stop(List.of(POSTGRES), STOPS_WITHIN);
            http.close();
            data.close();
        } catch (IOException e) {
            options.tell().accept("the data folder does not close: " + e.getMessage());
        } finally {
            closed.countDown();
        }
    }

    private void awaitOtherStop() {
        try {
            closed.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
