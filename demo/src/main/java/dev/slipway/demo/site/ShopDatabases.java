package dev.slipway.demo.site;

import dev.slipway.suite.postgres.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// The shop's two databases: made here, looked into here, changed only by the shop.
public final class ShopDatabases {
    public static final String STAGING = "shop_staging";
    public static final String PRODUCTION = "shop_production";

    static final String SHOP_ROLE = "shop";
    static final String BACKUP_ROLE = "shop_backup";

    private final Postgres postgres;
    private final ShopSecrets secrets;

    ShopDatabases(Postgres postgres, ShopSecrets secrets) {
        this.postgres = postgres;
        this.secrets = secrets;
    }

    /// What the production database says about the orders.
    ///
    /// @param schemaVersion 0 before the first migration
    /// @param ofCustomers those the load generator placed
    /// @param withoutPriority orders whose priority is not filled; absent columns count as not filled
    /// @param wrongPriority orders from before the migration whose priority is not what it should have made of them
    public record Look(int schemaVersion, long orders, long ofCustomers, long withoutPriority, long wrongPriority) {}

    /// Creates roles and databases; they must not be there yet.
    public void create() throws SQLException {
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create role %s login password '%s'".formatted(SHOP_ROLE, secrets.database()));
            statement.execute("create role %s login createdb password '%s' in role pg_read_all_data"
                    .formatted(BACKUP_ROLE, secrets.backup()));
            for (String database : List.of(STAGING, PRODUCTION)) {
                statement.execute("create database %s owner %s".formatted(database, SHOP_ROLE));
            }
        }
    }

    /// Looks into a database as superuser, past everything that Slipway and the shop say about it.
    public Look look(String database) throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement statement = connection.createStatement()) {
            int version = (int) number(statement, "select coalesce(max(version), 0) from schema_version");
            long orders = number(statement, "select count(*) from orders");
            long ofCustomers = number(statement, "select count(*) from orders where customer = 'customer'");
            if (version < 2) {
                return new Look(version, orders, ofCustomers, orders, orders);
            }
            long without = number(statement, "select count(*) from orders where coalesce(priority, '') = ''");
            long wrong = number(statement, """
                            select count(*) from orders o, schema_version v
                            where v.version = 2 and o.created_at < v.applied_at
                              and o.priority <> case when o.quantity >= 10 then 'bulk' else 'normal' end
                            """);
            return new Look(version, orders, ofCustomers, without, wrong);
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
