package dev.slipway.trials.backup;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// A PostgreSQL of the benchmark's own, durable, with one generated database: the tables of `pgbench`, prose, and blobs
/// that no method makes smaller.
final class SourceServer implements AutoCloseable {
    static final String DATABASE = "bench";
    static final String USER = "postgres";

    private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);
    private static final long MEBI = 1024 * 1024;
    private static final int BLOB_BYTES = 32 * 1024;
    private static final int WORDS = 4_000;
    private static final long SEED = 20_260_101;

    private final EmbeddedPostgres server;
    private final Path data;
    private final Path sockets;
    private final Path passwordFile;
    private final String password;

    private SourceServer(EmbeddedPostgres server, Path data, Path sockets, Path passwordFile, String password) {
        this.server = server;
        this.data = data;
        this.sockets = sockets;
        this.passwordFile = passwordFile;
        this.password = password;
    }

    /// @param binaries where the server's programs are unpacked
    static SourceServer start(Path folder, Path binaries, String password) throws IOException {
        Files.createDirectories(folder);
        var privately = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path first = Files.writeString(Files.createTempFile(folder, "initdb", ".pw", privately), password + "\n");
        Path passwords =
                Files.writeString(Files.createTempFile(folder, "pgpass", "", privately), "*:*:*:*:" + password + "\n");
        // The path of a socket may be 107 bytes long: not below the project's folder, wherever that is.
        Path sockets = Files.createTempDirectory("slipway-bench");
        Path data = folder.resolve("data");
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(true)
                .setOverrideWorkingDirectory(binaries.toFile())
                .setPGStartupWait(STARTS_WITHIN)
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("postgres.log").toFile()))
                .setConnectConfig("password", password)
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", first.toString())
                .setLocaleConfig("locale", "C")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("max_wal_size", "4GB")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "'" + sockets + "'")
                .start();
        Files.delete(first);
        return new SourceServer(server, data, sockets, passwords, password);
    }

    int port() {
        return server.getPort();
    }

    Path data() {
        return data;
    }

    Path sockets() {
        return sockets;
    }

    /// How the client programs reach it.
    Map<String, String> environment() {
        return Map.of(
                "PGHOST",
                "127.0.0.1",
                "PGPORT",
                Integer.toString(port()),
                "PGUSER",
                USER,
                "PGDATABASE",
                DATABASE,
                "PGPASSFILE",
                passwordFile.toString(),
                "PATH",
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
                "LC_ALL",
                "C");
    }

    Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", password);
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), database), properties);
    }

    /// Makes the database: about two thirds `pgbench`, a quarter prose, the rest blobs.
    ///
    /// @return its size in bytes
    long generate(long bytes) throws SQLException {
        try (Connection admin = connect("postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE DATABASE " + DATABASE);
        }
        try (Connection connection = connect(DATABASE);
                Statement statement = connection.createStatement()) {
            pgbench(statement, (int) Math.max(1, bytes * 66 / 100 / (15 * MEBI)));
            statement.execute("CREATE TABLE doc (id bigint PRIMARY KEY, title text NOT NULL, body text NOT NULL)");
            statement.execute("CREATE TABLE blob (id bigint PRIMARY KEY, content bytea NOT NULL)");
            statement.execute("ALTER TABLE blob ALTER COLUMN content SET STORAGE EXTERNAL");
            prose(connection, bytes * 25 / 100);
            blobs(connection, bytes * 9 / 100);
            statement.execute("CREATE INDEX doc_title ON doc (title)");
            statement.execute("VACUUM ANALYZE");
            statement.execute("CHECKPOINT");
            try (ResultSet size = statement.executeQuery("SELECT pg_database_size(current_database())")) {
                size.next();
                return size.getLong(1);
            }
        }
    }

    /// As `pgbench --initialize` makes them, with some history.
    private static void pgbench(Statement statement, int scale) throws SQLException {
        statement.execute("""
                CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88));
                CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84));
                CREATE TABLE pgbench_accounts (aid int NOT NULL, bid int, abalance int, filler char(84));
                CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
                INSERT INTO pgbench_branches SELECT i, 0, '' FROM generate_series(1, %1$d) i;
                INSERT INTO pgbench_tellers SELECT i, (i - 1) / 10 + 1, 0, '' FROM generate_series(1, %1$d * 10) i;
                INSERT INTO pgbench_accounts
                    SELECT i, (i - 1) / 100000 + 1, 0, '' FROM generate_series(1, %1$d * 100000) i;
                INSERT INTO pgbench_history
                    SELECT i %% 10 + 1, i %% %1$d + 1, (i * 7919) %% (%1$d * 100000) + 1, i %% 9973 - 4986,
                        timestamp '2026-01-01' + i * interval '13 ms', ''
                    FROM generate_series(1, %1$d * 1000) i;
                ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid);
                """.formatted(scale));
    }

    /// Words of which some are frequent and most are rare, as in every language.
    private static void prose(Connection connection, long bytes) throws SQLException {
        var random = new SplittableRandom(SEED);
        String[] words = new String[WORDS];
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            for (int letter = 2 + random.nextInt(9); letter > 0; letter--) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            words[i] = word.toString();
        }
        copy(
                connection,
                "COPY doc FROM STDIN",
                (in, id) -> {
                    StringBuilder line = new StringBuilder();
                    line.append(id)
                            .append('\t')
                            .append(word(words, random))
                            .append(' ')
                            .append(word(words, random));
                    line.append('\t');
                    int length = line.length() + 1_000 + random.nextInt(4_000);
                    while (line.length() < length) {
                        line.append(word(words, random)).append(random.nextInt(12) == 0 ? ". " : " ");
                    }
                    in.append(line);
                },
                bytes);
    }

    private static String word(String[] words, SplittableRandom random) {
        return words[(int) (WORDS * Math.pow(random.nextDouble(), 3))];
    }

    private static void blobs(Connection connection, long bytes) throws SQLException {
        var random = new SplittableRandom(SEED);
        byte[] blob = new byte[BLOB_BYTES];
        // Two digits of the text for each byte.
        copy(
                connection,
                "COPY blob FROM STDIN",
                (in, id) -> {
                    random.nextBytes(blob);
                    in.append(id).append("\t\\\\x").append(HexFormat.of().formatHex(blob));
                },
                bytes * 2);
    }

    private interface Row {
        void write(StringBuilder to, long id);
    }

    private static void copy(Connection connection, String sql, Row row, long bytes) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        long written = 0;
        StringBuilder line = new StringBuilder();
        for (long id = 1; written < bytes; id++) {
            line.setLength(0);
            row.write(line, id);
            line.append('\n');
            byte[] encoded = line.toString().getBytes(StandardCharsets.UTF_8);
            copy.writeToCopy(encoded, 0, encoded.length);
            written += encoded.length;
        }
        copy.endCopy();
    }

    /// As cold or warm for each round: everything written is on the disk.
    void settle() throws SQLException {
        try (Connection connection = connect(DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(passwordFile);
            Files.deleteIfExists(sockets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
