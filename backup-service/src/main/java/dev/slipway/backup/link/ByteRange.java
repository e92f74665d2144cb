package dev.slipway.backup.link;

import dev.slipway.web.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A part of a file, as RFC 9110 (14.1.2) asks for it. One part: whoever asks for several gets everything, which is
/// allowed too.
///
/// @param from its first byte, counted from 0; @param to its last
record ByteRange(long from, long to) {
    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /// @param range the header; null when there is none
    /// @param length of the file, in bytes
    /// @return empty when everything is to be sent
    /// @throws Problem 416 when the file has no such part
    static Optional<ByteRange> of(@Nullable String range, long length) {
        Matcher wanted = ONE.matcher(range == null ? "" : range.strip());
        if (!wanted.matches()) {
            return Optional.empty();
        }
        String first = wanted.group(1);
        String last = wanted.group(2);
        if (first.isEmpty() && last.isEmpty()) {
            return Optional.empty();
        }
        long from = first.isEmpty() ? Math.max(0, length - Long.parseLong(last)) : Long.parseLong(first);
        long to = first.isEmpty() || last.isEmpty() ? length - 1 : Math.min(Long.parseLong(last), length - 1);
        if (!first.isEmpty() && !last.isEmpty() && Long.parseLong(last) < from) {
            return Optional.empty();
        }
        if (from >= length) {
            throw Problem.of(
                            416,
                            "no-such-range",
                            "No such range",
                            "There are %d bytes.".formatted(length),
                            Map.of("length", length))
                    .withHeader("Content-Range", "bytes */" + length);
        }
        return Optional.of(new ByteRange(from, to));
    }

    long length() {
        return to - from + 1;
    }

    /// For the header `Content-Range`.
    String ofAll(long all) {
        return "bytes %d-%d/%d".formatted(from, to, all);
    }
}
