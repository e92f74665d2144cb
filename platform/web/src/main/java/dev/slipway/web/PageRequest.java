package dev.slipway.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which page of a list is asked for: `?cursor=&limit=`.
///
/// A cursor is opaque to clients; inside are the values the list is sorted by, of the last item they saw, so that a
/// page starts in the right place however many items came or went meanwhile.
///
/// @param after those values; empty for the first page
/// @param limit how many items, 1 to 200
public record PageRequest(List<String> after, int limit) {
    private static final int USUAL = 50;
    private static final int MOST = 200;
    private static final String SEPARATOR = "\u0000";

    public PageRequest {
        after = List.copyOf(after);
    }

    /// Reads the two query parameters, each of which may be absent.
    ///
    /// @param parts how many values the list is sorted by
    /// @throws Problem 400 for a cursor that was not given out here, or a limit out of range
    public static PageRequest of(@Nullable String cursor, @Nullable String limit, int parts) {
        List<String> after = cursor == null || cursor.isBlank() ? List.of() : decode(cursor);
        if (!after.isEmpty() && after.size() != parts) {
            throw badCursor();
        }
        return new PageRequest(after, limit == null || limit.isBlank() ? USUAL : limit(limit));
    }

    /// Whether this is the first page.
    public boolean first() {
        return after.isEmpty();
    }

    /// One of the values in [#after()], read back into what it was.
    ///
    /// @throws Problem 400 when it cannot be read: somebody made the cursor up
    public <T> T after(int index, Function<String, T> parse) {
        try {
            return parse.apply(after.get(index));
        } catch (RuntimeException _) {
            throw badCursor();
        }
    }

    /// How many rows to fetch: one more than shown, to know whether there is a next page.
    public int fetch() {
        return limit + 1;
    }

    static String cursorAfter(List<String> position) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(String.join(SEPARATOR, position).getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> decode(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return List.of(text.split(SEPARATOR, -1));
        } catch (IllegalArgumentException | CharacterCodingException _) {
            throw badCursor();
        }
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text.strip());
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        String message = "must be a whole number from 1 to %d, not '%s'".formatted(MOST, text);
        throw Problem.badRequest("limit " + message, List.of(Fault.at("limit", message)));
    }

    private static Problem badCursor() {
        String message = "is none that this list gave out: take it from 'next' or the Link header";
        return Problem.badRequest("cursor " + message, List.of(Fault.at("cursor", message)));
    }
}
