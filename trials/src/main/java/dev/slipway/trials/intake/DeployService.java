package dev.slipway.trials.intake;

import dev.slipway.events.Catalogue;
import dev.slipway.suite.AccessToken;
import dev.slipway.suite.Suite;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.SuiteOptions;
import dev.slipway.suite.process.Deadline;
import dev.slipway.suite.process.PidFile;
import dev.slipway.trials.ProcessMemory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// deploy-service as the launcher runs it, with its PostgreSQL (every commit synced to disk) and its
/// Kafka.
final class DeployService implements Contender, AutoCloseable {
    private static final String DATABASE = "slipway_deploy";
    private static final Duration CATCHES_UP_WITHIN = Duration.ofMinutes(3);
    private static final Duration COMES_BACK_WITHIN = Duration.ofMinutes(2);

    private final Suite suite;

    private DeployService(Suite suite) {
        this.suite = suite;
    }

    /// @param home the project's folder, with the built services
    /// @param folder for its data; what is in it is deleted
    static DeployService start(Path home, Path folder, Consumer<String> tell) throws IOException, InterruptedException {
        AccessToken admin = AccessToken.issue("bench", "admin");
        Suite suite = Suite.start(SuiteOptions.in(home, folder)
                .withFresh(true)
                .withEnvironment(BenchApplication.ENVIRONMENT)
                .withAccess(admin)
                .withTell(tell));
        try {
            List.of(Catalogue.BACKUP, Catalogue.MONITOR, Catalogue.NOTIFY).forEach(suite::stop);
            BenchApplication.introduce(suite, List.of(Catalogue.DEPLOY), admin.secret());
            return new DeployService(suite);
        } catch (IOException | InterruptedException | RuntimeException e) {
            suite.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "deploy-service";
    }

    @Override
    public URI url() {
        return BenchApplication.webhook(suite);
    }

    /// Waits until everything it took on earlier is done: all events published, nothing due at once.
    @Override
    public void prepare() {
        boolean idle = Deadline.in(CATCHES_UP_WITHIN)
                .await(() -> number("select count(*) from outbox where published_at is null") == 0);
        if (!idle) {
            throw new SuiteFailure("deploy-service did not publish its events within " + CATCHES_UP_WITHIN);
        }
    }

    /// Since the service was started: a JVM gives little back.
    @Override
    public long peakMemory() {
        return new PidFile(suite.data().resolve("pids").resolve(Catalogue.DEPLOY + ".pid"))
                .living()
                .map(process -> new ProcessMemory(process.pid()).peak())
                .orElse(0L);
    }

    @Override
    public void kill() {
        suite.kill9(Catalogue.DEPLOY);
    }

    /// @return those that are in the database with their candidate and its event
    @Override
    public Set<String> kept() throws SQLException {
        suite.awaitReady(Catalogue.DEPLOY, COMES_BACK_WITHIN);
        Set<String> ids = new HashSet<>();
        try (Connection database = suite.postgres().connect(DATABASE);
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select d.delivery from delivery d
                        join candidate c on c.id = d.candidate
                        where d.verified and d.verdict = 'candidate' and exists (
                            select from outbox o where o.chain_id = c.id and o.type like '%candidate.accepted%')""")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }

    private long number(String query) {
        try (Connection database = suite.postgres().connect(DATABASE);
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new SuiteFailure("deploy-service's database: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        suite.close();
    }
}
