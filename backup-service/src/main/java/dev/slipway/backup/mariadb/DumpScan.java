package dev.slipway.backup.mariadb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Takes apart what `mariadb-dump` and `mysqldump` write, as it passes: lines of statements, and the rows between them,
/// which are only counted and never kept.
///
/// The programs begin every statement on a line of its own and write what is more than one statement between
/// `DELIMITER ;;` and `DELIMITER ;`. Lines are handed on as ISO 8859-1: no byte of them is lost.
final class DumpScan extends OutputStream {
    private static final byte[] INSERT = "INSERT INTO `".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_LINE = 64 * 1024 * 1024;

    /// Who is told of the parts.
    interface Parts {
        /// A line of a statement, without its end.
        ///
        /// @param place what it is a line of
        void line(String line, Place place) throws IOException;

        /// Bytes of an `INSERT`.
        void data(byte[] bytes, int offset, int length) throws IOException;

        /// An `INSERT` ended. @param rows how many it holds
        void inserted(String table, long rows) throws IOException;
    }

    /// Where a line stands.
    enum Place {
        /// A statement on its own.
        PLAIN,
        /// The first line of a trigger, an event, a routine or what is set for it.
        HEADING,
        /// A further line of one.
        BODY
    }

    private final Parts parts;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Place place = Place.PLAIN;
    private boolean inData;

    private final ByteArrayOutputStream name = new ByteArrayOutputStream();
    private boolean inName;
    private boolean nameMayGoOn;
    private byte quote;
    private boolean escaped;
    private boolean afterValues;
    private int depth;
    private long rows;

    DumpScan(Parts parts) {
        this.parts = parts;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            at = inData ? data(bytes, at, end) : text(bytes, at, end);
        }
    }

    /// The end of the dump. Its last line may end with it.
    ///
    /// @return whether it ended where a statement does
    boolean finish() throws IOException {
        if (!inData && line.size() > 0) {
            endLine();
        }
        return !inData && place == Place.PLAIN;
    }

    private int text(byte[] bytes, int from, int end) throws IOException {
        for (int at = from; at < end; at++) {
            if (bytes[at] == '\n') {
                endLine();
                return at + 1;
            }
            line.write(bytes[at]);
            if (line.size() == INSERT.length && place == Place.PLAIN && beginsInsert()) {
                beginData();
                return at + 1;
            }
        }
        if (line.size() > LONGEST_LINE) {
            throw new IOException("a line of the dump has more than %d bytes".formatted(LONGEST_LINE));
        }
        return end;
    }

    private boolean beginsInsert() {
        return line.toString(StandardCharsets.ISO_8859_1).equals(new String(INSERT, StandardCharsets.US_ASCII));
    }

    private void endLine() throws IOException {
        String whole = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        if (whole.startsWith("DELIMITER ")) {
            parts.line(whole, Place.PLAIN);
            place = whole.equals("DELIMITER ;") ? Place.PLAIN : Place.HEADING;
            return;
        }
        parts.line(whole, place);
        if (place != Place.PLAIN && !whole.isBlank()) {
            place = whole.stripTrailing().endsWith(";;") ? Place.HEADING : Place.BODY;
        }
    }

    private void beginData() throws IOException {
        parts.data(INSERT, 0, INSERT.length);
        line.reset();
        name.reset();
        inData = true;
        inName = true;
        nameMayGoOn = false;
        quote = '`';
        escaped = false;
        afterValues = false;
        depth = 0;
        rows = 0;
    }

    private int data(byte[] bytes, int from, int end) throws IOException {
        int at = from;
        while (at < end) {
            byte next = bytes[at++];
            if (inName) {
                name(next);
            }
            if (quote != 0) {
                quoted(next);
            } else if (next == '\'' || next == '`' || next == '"') {
                quote = next;
            } else if (next == ';' && depth == 0) {
                parts.data(bytes, from, at - from);
                inData = false;
                parts.inserted(name.toString(StandardCharsets.UTF_8), rows);
                return at;
            } else {
                bare(next);
            }
        }
        parts.data(bytes, from, end - from);
        return end;
    }

    /// The name of the table: a back-tick in it comes twice.
    private void name(byte next) {
        if (nameMayGoOn) {
            nameMayGoOn = false;
            if (next == '`') {
                name.write('`');
            } else {
                inName = false;
            }
        } else if (next == '`') {
            nameMayGoOn = true;
        } else {
            name.write(next);
        }
    }

    /// A quote that comes twice ends and begins again.
    private void quoted(byte next) {
        if (escaped) {
            escaped = false;
        } else if (next == '\\' && quote != '`') {
            escaped = true;
        } else if (next == quote) {
            quote = 0;
        }
    }

    private void bare(byte next) {
        if (next == '(') {
            depth++;
            if (depth == 1 && afterValues) {
                rows++;
            }
        } else if (next == ')') {
            depth--;
        } else if (next == 'V' && depth == 0) {
            // Of VALUES: what is in brackets before it are the names of columns.
            afterValues = true;
        }
    }
}
