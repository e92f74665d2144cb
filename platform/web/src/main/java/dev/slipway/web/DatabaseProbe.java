package dev.slipway.web;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/// Asks the database whether it is there, and gives up after a second: an answer that takes as long as the trouble
/// does helps nobody. However many ask, only one question is under way; those that ask meanwhile share its answer.
@Singleton
final class DatabaseProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /// A database's answer to being asked.
    @FunctionalInterface
    interface Question {
        boolean ask() throws SQLException;
    }

    private final Question question;
    private final AtomicReference<CompletableFuture<Boolean>> underWay = new AtomicReference<>();

    @Inject
    DatabaseProbe(Instance<AgroalDataSource> database) {
        this(() -> {
            try (Connection connection = database.get().getConnection()) {
                return connection.isValid((int) PATIENCE.toSeconds());
            }
        });
    }

    DatabaseProbe(Question question) {
        this.question = question;
    }

    boolean answers() {
        try {
            return current().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private CompletableFuture<Boolean> current() {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> first = underWay.compareAndExchange(null, mine);
        if (first != null) {
            return first;
        }
        Thread.ofVirtual().name("database-probe").start(() -> {
            boolean yes = false;
            try {
                yes = question.ask();
            } catch (SQLException | RuntimeException _) {
                // not there
            } finally {
                // In this order: whoever has the answer and asks again gets a new one.
                underWay.set(null);
                mine.complete(yes);
            }
        });
        return mine;
    }
}
