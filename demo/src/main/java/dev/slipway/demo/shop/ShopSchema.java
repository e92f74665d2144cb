package dev.slipway.demo.shop;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;

/// The shop's schema and the way from one version to the next. Every version is one transaction together with its row
/// in `schema_version`: a migration that was cut off is done again as a whole, one that was done is not done again.
public final class ShopSchema {
    public static final int NEWEST = 2;

    /// Any number that nobody else locks: of two migrations at once one waits and then finds nothing to do.
    private static final long MIGRATION_LOCK = 7_305_117;

    private static final List<String> VERSIONS = List.of(
            """
            create table orders (
                id bigint generated always as identity primary key,
                customer text not null,
                item text not null,
                quantity int not null check (quantity > 0),
                created_at timestamptz not null
            )
            """,
            // The default lets the code before this version go on writing; the update fills what is there.
            """
            alter table orders add column priority text not null default 'normal';
            update orders set priority = 'bulk' where quantity >= %d;
            """.formatted(Order.BULK));

    private final Connection connection;

    public ShopSchema(Connection connection) {
        this.connection = connection;
    }

    /// @return 0 when the database is empty
    public int version() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!isThere(statement)) {
                return 0;
            }
            try (ResultSet row = statement.executeQuery("select coalesce(max(version), 0) from schema_version")) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /// Brings the schema to a version; never back from a newer one.
    /// @return the version found before
    public int migrate(int target, Clock clock) throws SQLException {
        connection.setAutoCommit(false);
        try {
            int found = lockedVersion();
            for (int version = found; version < target; version = lockedVersion()) {
                apply(version + 1, clock);
                connection.commit();
            }
            connection.commit();
            return found;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private int lockedVersion() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(%d)".formatted(MIGRATION_LOCK));
            statement.execute(
                    "create table if not exists schema_version (version int primary key, applied_at timestamptz not null)");
        }
        return version();
    }

    private void apply(int version, Clock clock) throws SQLException {
        try (Statement statement = connection.createStatement();
                PreparedStatement record = connection.prepareStatement("insert into schema_version values (?, ?)")) {
            statement.execute(VERSIONS.get(version - 1));
            record.setInt(1, version);
            record.setTimestamp(2, Timestamp.from(clock.instant()));
            record.executeUpdate();
        }
    }

    private static boolean isThere(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select to_regclass('schema_version') is not null")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
