package dev.slipway.deploy.release;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Every signal a release got and what became of it, also when that was nothing.
@Singleton
public final class History {

    /// @param signal what came, `WatchPassed`
    /// @param decision `move`, `ignore` or `refuse`
    /// @param phase after it
    public record Entry(Instant at, String signal, String decision, String phase, String why) {}

    void add(Handle tx, Release release, ReleaseSignal signal, Decision decision, Instant now) {
        String phase = decision instanceof Decision.Move move
                ? move.next().phase()
                : release.state().phase();
        add(tx, release.id(), new Entry(now, signal.getClass().getSimpleName(), tag(decision), phase, decision.why()));
    }

    /// Notes something that came for a release and was of no use, and why.
    public void ignored(Handle tx, Release release, String what, String why, Instant now) {
        add(tx, release.id(), new Entry(now, what, "ignore", release.state().phase(), why));
    }

    /// Notes something that came for a release and changes no phase.
    public void noted(Handle tx, Release release, String what, String why, Instant now) {
        add(tx, release.id(), new Entry(now, what, "move", release.state().phase(), why));
    }

    /// In the order it happened.
    public List<Entry> of(Handle tx, UUID release) {
        return tx.createQuery("select * from release_history where release = :release order by id")
                .bind("release", release)
                .map((rs, _) -> new Entry(
                        rs.getTimestamp("at").toInstant(),
                        rs.getString("signal"),
                        rs.getString("decision"),
                        rs.getString("phase"),
                        rs.getString("why")))
                .list();
    }

    private static void add(Handle tx, UUID release, Entry entry) {
        tx.createUpdate("""
                        insert into release_history (release, at, signal, decision, phase, why)
                        values (:release, :at, :signal, :decision, :phase, :why)""").bind("release", release).bindMethods(entry).execute();
    }

    private static String tag(Decision decision) {
        return switch (decision) {
            case Decision.Move _ -> "move";
            case Decision.Ignore _ -> "ignore";
            case Decision.Refuse _ -> "refuse";
        };
    }
}
