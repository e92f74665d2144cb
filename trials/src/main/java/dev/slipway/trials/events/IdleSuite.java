package dev.slipway.trials.events;

import dev.slipway.suite.Suite;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.process.Deadline;
import dev.slipway.trials.intake.BenchApplication;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// How long events are under way between the four services while hardly anything else happens: builds are delivered now
/// and then, and what deploy-service writes of each is worked off by notify-service.
///
/// The databases' own times are compared (one machine, one clock): an event begins when its outbox row says it was
/// made, inside the transaction, and ends when PostgreSQL committed the transaction of its effect.
final class IdleSuite {
    private static final int BODY = 2_000;
    private static final int ACCEPTED = 202;
    private static final int WARM_UP = 400;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration WARM_UP_PAUSE = Duration.ofMillis(25);
    private static final Duration ARRIVE_WITHIN = Duration.ofSeconds(30);
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final Suite suite;

    IdleSuite(Suite suite) {
        this.suite = suite;
    }

    /// One event's way. @param settled the worker's own time, just before its commit
    record Trip(Instant written, Instant received, Instant settled, Instant visible) {}

    /// Middle and almost longest of many.
    record Times(Duration p50, Duration p99) {
        static Times of(List<Trip> trips, Function<Trip, Duration> length) {
            List<Duration> sorted = trips.stream().map(length).sorted().toList();
            return new Times(sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 99 / 100));
        }
    }

    /// @param toInbox written → stored in the consumer's inbox; @param toWorker stored → handled;
    /// @param toCommit handled → visible
    record Latency(int events, Times whole, Times toInbox, Times toWorker, Times toCommit) {}

    Latency measure(Duration length) throws Exception {
        keepCommitTimes();
        try (HttpClient http = HttpClient.newHttpClient()) {
            int number = 0;
            // What is loaded and compiled by the first ones is no part of it.
            Deadline warm = Deadline.in(READY_WITHIN);
            for (int accepted = 0; accepted < WARM_UP; ) {
                if (warm.passed()) {
                    throw new SuiteFailure("deploy-service accepts no deliveries");
                }
                accepted += deliver(http, ++number) == ACCEPTED ? 1 : 0;
                LockSupport.parkNanos(WARM_UP_PAUSE.toNanos());
            }
            settle();
            Instant since = newest();
            Deadline end = Deadline.in(length);
            while (!end.passed()) {
                int status = deliver(http, ++number);
                LockSupport.parkNanos(PAUSE.toNanos());
                if (status != ACCEPTED) {
                    throw new SuiteFailure("deploy-service answered a delivery with " + status);
                }
            }
            settle();
            return latency(trips(since));
        }
    }

    private void keepCommitTimes() throws SQLException {
        try (Connection database = suite.postgres().connect("postgres");
                Statement statement = database.createStatement()) {
            statement.execute("alter system set track_commit_timestamp = on");
        }
        suite.stop("postgres");
        suite.startAgain("postgres");
        suite.processes().forEach(process -> suite.awaitReady(process, READY_WITHIN));
    }

    private int deliver(HttpClient http, int number) throws Exception {
        HttpRequest delivery = BenchApplication.delivery(suite, BODY, number);
        return http.send(delivery, BodyHandlers.discarding()).statusCode();
    }

    private void settle() throws SQLException {
        boolean settled = Deadline.in(ARRIVE_WITHIN)
                .await(() -> count(Effects.SAID_IN, """
                select count(*) from outbox where published_at is null""") == 0 && count(Effects.HEARD_IN, """
                select count(*) from inbox where state <> 'done'""") == 0);
        if (!settled) {
            throw new SuiteFailure("the events of an idle suite were not worked off within " + ARRIVE_WITHIN);
        }
    }

    private long count(String name, String query) {
        try (Connection database = suite.postgres().connect(name);
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new SuiteFailure(name + ": " + e.getMessage(), e);
        }
    }

    private Instant newest() throws SQLException {
        try (Connection database = suite.postgres().connect(Effects.SAID_IN);
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("select max(created_at) from outbox")) {
            rows.next();
            return rows.getTimestamp(1).toInstant();
        }
    }

    private List<Trip> trips(Instant since) throws SQLException {
        Map<String, Instant> written = new HashMap<>();
        try (Connection database = suite.postgres().connect(Effects.SAID_IN);
                Statement statement = database.createStatement();
                ResultSet rows =
                        statement.executeQuery("select cast(event_id as text), created_at from outbox order by seq")) {
            while (rows.next()) {
                written.put(rows.getString(1), rows.getTimestamp(2).toInstant());
            }
        }
        List<Trip> trips = new ArrayList<>();
        try (Connection database = suite.postgres().connect(Effects.HEARD_IN);
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("""
                        select event_id, received_at, settled_at, pg_xact_commit_timestamp(xmin) from inbox
                        where state = 'done'""")) {
            while (rows.next()) {
                Instant began = written.get(rows.getString(1));
                if (began != null && began.isAfter(since)) {
                    trips.add(new Trip(
                            began,
                            rows.getTimestamp(2).toInstant(),
                            rows.getTimestamp(3).toInstant(),
                            rows.getTimestamp(4).toInstant()));
                }
            }
        }
        return trips;
    }

    private static Latency latency(List<Trip> trips) {
        if (trips.isEmpty()) {
            throw new SuiteFailure("no event went from one service to another");
        }
        return new Latency(
                trips.size(),
                Times.of(trips, trip -> Duration.between(trip.written(), trip.visible())),
                Times.of(trips, trip -> Duration.between(trip.written(), trip.received())),
                Times.of(trips, trip -> Duration.between(trip.received(), trip.settled())),
                Times.of(trips, trip -> Duration.between(trip.settled(), trip.visible())));
    }
}
