package dev.slipway.backup.mariadb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A dump as it may be restored for a proof: everything belongs to whoever restores it, and no event runs.
///
/// An event that is left enabled would begin to run in the scratch schema, and what it does need not stay in there.
final class ForScratch extends InputStream {
    private static final Pattern DEFINER = Pattern.compile(
            "^(CREATE |/\\*!\\d+ (?:CREATE\\*/ /\\*!\\d+ )?)DEFINER=`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)?");
    private static final Pattern ENABLED =
            Pattern.compile("^(.*?\\bEVENT `(?:[^`]|``)*` ON SCHEDULE .*? PRESERVE )ENABLE\\b");
    private static final String NAME = "(?:`(?:[^`]|``)*`|\"(?:[^\"]|\"\")*\"|[\\w$\\x80-\\xff]+)";
    private static final Pattern TRIGGER = Pattern.compile(
            "^(/\\*!\\d+ CREATE\\*/ .*?\\bTRIGGER\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?)(?:%1$s\\s*\\.\\s*)?(%1$s)(?=\\s|$)(?:(.*?\\bON\\s+)%1$s\\s*\\.\\s*(?=%1$s))?"
                    .formatted(NAME),
            Pattern.CASE_INSENSITIVE);
    private static final Pattern IS_TRIGGER = Pattern.compile(
            "^/\\*!\\d+ CREATE\\*/ (?:/\\*!\\d+ \\s*\\*/ )?/\\*!\\d+ .*?\\bTRIGGER\\b", Pattern.CASE_INSENSITIVE);
    private static final String SANDBOX = "/*M!999999\\-";
    private static final int BUFFER = 256 * 1024;

    private final InputStream dump;
    private final Rewritten rewritten = new Rewritten();
    private final DumpScan scan = new DumpScan(rewritten);
    private final byte[] buffer = new byte[BUFFER];
    private byte[] ready = new byte[0];
    private int given;

    ForScratch(InputStream dump) {
        this.dump = dump;
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (given == ready.length) {
            int read = dump.read(buffer);
            if (read < 0) {
                return -1;
            }
            scan.write(buffer, 0, read);
            ready = rewritten.take();
            given = 0;
        }
        int many = Math.min(length, ready.length - given);
        System.arraycopy(ready, given, to, offset, many);
        given += many;
        return many;
    }

    @Override
    public void close() throws IOException {
        dump.close();
    }

    private static final class Rewritten implements DumpScan.Parts {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        @Override
        public void line(String line, DumpScan.Place place) throws IOException {
            if (line.startsWith(SANDBOX)) {
                // For the program that reads it; not every one that may knows what it means.
                return;
            }
            String kept = line;
            if (place != DumpScan.Place.BODY) {
                kept = DEFINER.matcher(kept).replaceFirst("$1");
            }
            if (place == DumpScan.Place.HEADING) {
                kept = inScratch(ENABLED.matcher(kept).replaceFirst("$1DISABLE"));
            }
            out.writeBytes(kept.getBytes(StandardCharsets.ISO_8859_1));
            out.write('\n');
        }

        /// A trigger is dumped as it was typed: one that names its schema would be made there, not in the scratch.
        private static String inScratch(String heading) throws IOException {
            if (!IS_TRIGGER.matcher(heading).find()) {
                return heading;
            }
            Matcher trigger = TRIGGER.matcher(heading);
            if (!trigger.find()) {
                throw new IOException("a trigger whose name is not where it is looked for: " + heading);
            }
            String on = trigger.group(3) == null ? "" : trigger.group(3);
            return trigger.group(1) + trigger.group(2) + on + heading.substring(trigger.end());
        }

        @Override
        public void data(byte[] bytes, int offset, int length) {
            out.write(bytes, offset, length);
        }

        @Override
        public void inserted(String table, long rows) {
            // Counted where it is restored.
        }

        byte[] take() {
            byte[] taken = out.toByteArray();
            out.reset();
            return taken;
        }
    }
}
