package dev.slipway.inbox;

import dev.slipway.web.Fault;
import dev.slipway.web.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// What a list of events is narrowed down to; each part may be absent.
record InboxFilter(
        @Nullable String state,
        @Nullable String outcome,
        @Nullable String type,
        @Nullable String key,
        @Nullable UUID chain) {
    private static final List<String> STATES = List.of("pending", "done", "dead");
    private static final List<String> OUTCOMES = List.of("applied", "ignored", "refused", "discarded");
    private static final int LONGEST = 1_000;

    /// @throws Problem 400 that names the parameter
    static InboxFilter of(
            @Nullable String state,
            @Nullable String outcome,
            @Nullable String type,
            @Nullable String key,
            @Nullable String chain) {
        return new InboxFilter(
                oneOf("state", state, STATES),
                oneOf("outcome", outcome, OUTCOMES),
                text("type", type),
                text("key", key),
                uuid("chain", chain));
    }

    /// The events this filter lets through.
    ///
    /// @param select everything up to and with `where`
    /// @param after condition and order of the page
    Query query(Handle handle, String select, String after) {
        List<String> conditions = new ArrayList<>();
        add(conditions, "state", state);
        add(conditions, "outcome", outcome);
        add(conditions, "type", type);
        add(conditions, "key", key);
        add(conditions, "chain_id", chain);
        conditions.add(after);
        return handle.createQuery(select + String.join(" and ", conditions))
                .bind("state", state)
                .bind("outcome", outcome)
                .bind("type", type)
                .bind("key", key)
                .bind("chain_id", chain);
    }

    private static void add(List<String> conditions, String column, @Nullable Object value) {
        if (value != null) {
            conditions.add("inbox." + column + " = :" + column);
        }
    }

    private static @Nullable String oneOf(String name, @Nullable String given, List<String> known) {
        if (given == null || known.contains(given)) {
            return given;
        }
        throw bad(name, "must be one of %s".formatted(String.join(", ", known)));
    }

    private static @Nullable String text(String name, @Nullable String given) {
        if (given != null && (given.length() > LONGEST || given.chars().anyMatch(Character::isISOControl))) {
            throw bad(name, "must be a text without control characters, %d at most".formatted(LONGEST));
        }
        return given;
    }

    private static @Nullable UUID uuid(String name, @Nullable String given) {
        try {
            return given == null ? null : UUID.fromString(given);
        } catch (IllegalArgumentException _) {
            throw bad(name, "must be a UUID");
        }
    }

    static Problem bad(String name, String message) {
        return Problem.badRequest(name + " " + message, List.of(Fault.at(name, message)));
    }
}
