package dev.slipway.backup.engine;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a database answered to a question of the user's own: nothing but one row with one `true` will do.
public final class Answer {
    private static final int LONGEST = 200;

    private Answer() {}

    /// @param isTrue whether a value is what this kind of server says for true
    /// @return null when the answer is true; else what it was instead
    public static @Nullable String fault(ResultSet rows, Predicate<Object> isTrue) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        if (columns != 1) {
            return "the answer has %d columns, one that is true or false is needed".formatted(columns);
        }
        if (!rows.next()) {
            return "the answer has no rows";
        }
        Object answer = rows.getObject(1);
        if (rows.next()) {
            return "the answer has more than one row";
        }
        return answer != null && isTrue.test(answer) ? null : shortened("the answer is " + answer);
    }

    /// On one line.
    public static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + " …";
    }
}
