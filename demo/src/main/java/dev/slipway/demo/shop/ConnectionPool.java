package dev.slipway.demo.shop;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A handful of connections to the shop's database. One that failed is thrown away, never lent again.
final class ConnectionPool implements AutoCloseable {
    private static final int MOST = 4;
    private static final int WAIT_SECONDS = 5;

    private final ShopSettings.Database database;
    private final Semaphore places = new Semaphore(MOST);
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    ConnectionPool(ShopSettings.Database database) {
        this.database = database;
    }

    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    <T> T with(Work<T> work) throws SQLException {
        if (!takePlace()) {
            throw new SQLException("no connection came free within %d s".formatted(WAIT_SECONDS));
        }
        try {
            Connection lent = idle.pollFirst();
            Connection connection = lent == null ? connect(database) : lent;
            T result;
            try {
                result = work.on(connection);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
            idle.addFirst(connection);
            return result;
        } finally {
            places.release();
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            connection.close();
        }
    }

    static Connection connect(ShopSettings.Database database) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        properties.setProperty("ApplicationName", "shop");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(database.url(), properties);
    }

    private boolean takePlace() {
        try {
            return places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
