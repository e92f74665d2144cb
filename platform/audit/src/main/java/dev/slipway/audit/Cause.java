package dev.slipway.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Why something happens: who asked, or which event or timer made it. The database is told at the beginning of a
/// transaction, and puts it into the audit row of every change the transaction makes.
///
/// @param cause `request`, `webhook`, `event` or `timer`
/// @param person who is behind the token
/// @param address where the request came from
/// @param agent what the caller says of its program
/// @param origin the event's source and id, the due work's kind and id
/// @param action the operation, the event's type, the timer's name
public record Cause(
        String cause,
        @Nullable String person,
        @Nullable String token,
        @Nullable String address,
        @Nullable String agent,
        @Nullable String origin,
        String action) {
    private static final ScopedValue<Cause> CURRENT = ScopedValue.newInstance();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 300;

    public Cause {
        agent = shortened(agent);
        origin = shortened(origin);
    }

    /// @param source of the event
    public static Cause event(String source, Object id, String type) {
        return new Cause("event", null, null, null, null, source + "#" + id, type);
    }

    /// @param kind names the timer
    /// @param id what it is due for
    public static Cause timer(String kind, @Nullable String id) {
        return new Cause("timer", null, null, null, null, id == null ? null : kind + "/" + id, kind);
    }

    /// Something that was delivered and proves itself by a signature.
    public static Cause webhook(String operation, @Nullable String address, @Nullable String agent) {
        return new Cause("webhook", null, null, address, agent, null, operation);
    }

    static Optional<Cause> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /// Does something for this cause: what it changes in transactions that begin meanwhile is put down to it.
    public <T> T bringsAbout(Supplier<T> doing) {
        return ScopedValue.where(CURRENT, this).call(doing::get);
    }

    /// Does something for this cause in a transaction that has begun already.
    public <T> T bringsAbout(Handle tx, Instant now, Supplier<T> doing) {
        tell(tx, now);
        return bringsAbout(doing);
    }

    void tell(Handle tx, Instant now) {
        tx.createQuery("select set_config('slipway.cause', :cause, true)")
                .bind("cause", json(now))
                .mapTo(String.class)
                .one();
    }

    private String json(Instant now) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("cause", cause);
        members.put("at", now.toString());
        members.put("person", person);
        members.put("token", token);
        members.put("address", address);
        members.put("agent", agent);
        members.put("origin", origin);
        members.put("action", action);
        members.values().removeIf(value -> value == null);
        try {
            return JSON.writeValueAsString(members);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can be written", e);
        }
    }

    /// Foreign text as it may be kept and shown.
    private static @Nullable String shortened(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String shown = text.replaceAll("\\p{Cntrl}", "?");
        return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "…";
    }
}
