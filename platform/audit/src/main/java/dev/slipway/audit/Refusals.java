package dev.slipway.audit;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/// Attempts that were refused for want of a right. However often one token tries an operation, two rows a minute are
/// written of it: the first attempt, and when the minute is over how many there were.
@Singleton
final class Refusals {
    /// Of more at once, the rest of the minute is not told apart any more.
    private static final int MOST = 10_000;

    private final Clock clock;
    private final Map<Key, Tried> minutes = new HashMap<>();

    Refusals(Clock clock) {
        this.clock = clock;
    }

    private record Key(String token, String action, Instant minute) {}

    private static final class Tried {
        private final Cause cause;
        private final Instant first;
        private Instant last;
        private int times;
        private boolean told;

        Tried(Cause cause, Instant first) {
            this.cause = cause;
            this.first = first;
            this.last = first;
        }
    }

    synchronized void note(Cause cause) {
        Instant now = clock.instant();
        Key key = new Key(String.valueOf(cause.token()), cause.action(), now.truncatedTo(ChronoUnit.MINUTES));
        if (minutes.size() < MOST || minutes.containsKey(key)) {
            Tried tried = minutes.computeIfAbsent(key, _ -> new Tried(cause, now));
            tried.times++;
            tried.last = now;
        }
    }

    /// Writes what is due: first attempts, and the counts of minutes that are over.
    void write(Handle tx) {
        for (Due due : due()) {
            due.cause.tell(tx, due.at);
            tx.createQuery("""
                            select audit_add('refused', 'operation', :action, null, null,
                                             jsonb_build_object('attempts', cast(:times as int)))""")
                    .bind("action", due.cause.action())
                    .bind("times", due.times)
                    .mapTo(String.class)
                    .findOne();
        }
    }

    private record Due(Cause cause, Instant at, int times) {}

    private synchronized List<Due> due() {
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        List<Due> due = new ArrayList<>();
        minutes.entrySet().removeIf(entry -> {
            Tried tried = entry.getValue();
            boolean over = entry.getKey().minute.isBefore(minute);
            if (!tried.told) {
                tried.told = true;
                due.add(new Due(tried.cause, tried.first, 1));
            }
            if (over && tried.times > 1) {
                due.add(new Due(tried.cause, tried.last, tried.times));
            }
            return over;
        });
        return due;
    }
}
