package dev.slipway.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row as it stands in the database, every column as PostgreSQL writes it.
///
/// @param columns in the order of [#COLUMNS]
record AuditRow(long seq, List<@Nullable String> columns) {
    /// What is hashed, and in which order. Times as microseconds since 1970: no time zone of a session changes them.
    static final String COLUMNS = """
            a.seq, (extract(epoch from a.at) * 1000000)::bigint::text, a.cause, a.person, a.token, a.address, a.agent,
            a.origin, a.action, a.change, a.kind, a.subject, a.application, a.old::text, a.new::text""";

    private static final int HASHED = 15;

    /// @param first index of the first of [#COLUMNS] in the result
    static AuditRow read(ResultSet row, int first) throws SQLException {
        @Nullable String[] columns = new String[HASHED];
        for (int i = 0; i < HASHED; i++) {
            columns[i] = row.getString(first + i);
        }
        return new AuditRow(row.getLong(first), Arrays.asList(columns));
    }

    /// SHA-256 over the hash before and, for each column, its length in bytes and its bytes; nothing at all is -1.
    String hashAfter(String before) {
        MessageDigest digest = sha256();
        digest.update(HexFormat.of().parseHex(before));
        for (String column : columns) {
            byte[] bytes = column == null ? new byte[0] : column.getBytes(StandardCharsets.UTF_8);
            digest.update(((column == null ? -1 : bytes.length) + ":").getBytes(StandardCharsets.US_ASCII));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
