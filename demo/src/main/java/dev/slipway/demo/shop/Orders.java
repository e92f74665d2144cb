package dev.slipway.demo.shop;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The orders in the database, as this release of the shop knows them.
final class Orders {
    private static final int LISTED = 20;

    private final ConnectionPool connections;
    private final Clock clock;
    private final boolean priorities;

    Orders(ConnectionPool connections, Clock clock, ShopRelease release) {
        this.connections = connections;
        this.clock = clock;
        this.priorities = release.hasPriorities();
    }

    Order create(String customer, Order.Request request) throws SQLException {
        String sql = priorities
                ? "insert into orders (customer, item, quantity, created_at, priority) values (?, ?, ?, ?, ?) returning *"
                : "insert into orders (customer, item, quantity, created_at) values (?, ?, ?, ?) returning *";
        return connections.with(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(sql)) {
                insert.setString(1, customer);
                insert.setString(2, request.item());
                insert.setInt(3, request.quantity());
                insert.setTimestamp(4, Timestamp.from(clock.instant()));
                if (priorities) {
                    insert.setString(5, request.priority());
                }
                try (ResultSet row = insert.executeQuery()) {
                    row.next();
                    return order(row);
                }
            }
        });
    }

    /// The customer's newest orders, newest first.
    List<Order> newest(String customer) throws SQLException {
        return connections.with(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select * from orders where customer = ? order by id desc limit " + LISTED)) {
                select.setString(1, customer);
                try (ResultSet row = select.executeQuery()) {
                    List<Order> orders = new ArrayList<>();
                    while (row.next()) {
                        orders.add(order(row));
                    }
                    return orders;
                }
            }
        });
    }

    int schemaVersion() throws SQLException {
        return connections.with(connection -> new ShopSchema(connection).version());
    }

    private Order order(ResultSet row) throws SQLException {
        Instant createdAt = row.getTimestamp("created_at").toInstant();
        return new Order(
                row.getLong("id"),
                row.getString("customer"),
                row.getString("item"),
                row.getInt("quantity"),
                createdAt,
                priorities ? row.getString("priority") : null);
    }
}
