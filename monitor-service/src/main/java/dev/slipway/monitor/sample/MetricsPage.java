package dev.slipway.monitor.sample;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the Prometheus text exposition format, version 0.0.4: `name{label="value",…} number [timestamp]`, one
/// per line, between comments.
///
/// Strict: one line that cannot be read spoils the page, because half a page of counters would be taken for a
/// whole one.
final class MetricsPage {
    private MetricsPage() {}

    /// Every series of the page, in its order.
    ///
    /// @throws UnreadableMetrics with the number of the first line that cannot be read
    static List<Series> read(byte[] page) {
        List<Series> series = new ArrayList<>();
        int number = 0;
        for (String raw : text(page).split("\n", -1)) {
            number++;
            String line = raw.strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    series.add(new SeriesLine(line).read());
                } catch (UnreadableMetrics e) {
                    throw new UnreadableMetrics("line %d of the metrics page: %s".formatted(number, e.getMessage()));
                }
            }
        }
        return series;
    }

    private static String text(byte[] page) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(page))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new UnreadableMetrics("the metrics page is not UTF-8");
        }
    }
}
