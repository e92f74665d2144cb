package dev.slipway.audit;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/// Reads the chain and names what does not fit.
@Singleton
final class VerifyChain {
    private static final int MOST_FAULTS = 100;

    private final Jdbi jdbi;

    VerifyChain(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// A place in the chain. Whoever keeps one elsewhere can hold the chain against it later.
    /// @param hash 64 hexadecimal digits
    record Place(long position, String hash) {}

    /// @param seq of the row, where it is known
    record Fault(@Nullable Long position, @Nullable Long seq, String message) {}

    /// @param ok nothing of what was checked was changed, removed, reordered or slipped in
    /// @param from after which place was checked
    /// @param to the last one that was
    /// @param complete whether that is the chain's end; otherwise go on after `to`
    /// @param unsealed committed rows that are not chained yet
    record Report(
            boolean ok, long checked, Place from, Place to, boolean complete, long unsealed, List<Fault> faults) {}

    private record Link(
            long position, long seq, String hash, @Nullable AuditRow row) {}

    /// @param known a place kept elsewhere, or where the last report ended
    Report verify(Optional<Place> known, int most) {
        // One view of everything: rows are sealed meanwhile.
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, tx -> verify(tx, known, most));
    }

    private Report verify(Handle tx, Optional<Place> known, int most) {
        List<Fault> faults = new ArrayList<>();
        Place cut = place(tx, "select position, hash from audit_cut order by position desc limit 1")
                .orElse(new Place(0, "0".repeat(64)));
        Place head = place(tx, "select position, hash from audit_head").orElseThrow();
        Place from = known.filter(place -> place.position > cut.position).orElse(cut);
        known.ifPresent(place -> holdAgainst(tx, place, cut, head, faults));
        Place to = from;
        for (Link link : links(tx, from, most)) {
            check(to, link, faults);
            to = new Place(link.position, link.hash);
        }
        boolean complete = !exists(tx, to.position);
        if (complete) {
            checkEnd(tx, to, head, faults);
        }
        List<Fault> shown = faults.size() > MOST_FAULTS ? faults.subList(0, MOST_FAULTS) : faults;
        return new Report(faults.isEmpty(), to.position - from.position, from, to, complete, unsealed(tx), shown);
    }

    /// The links after a place, with their rows.
    private static List<Link> links(Handle tx, Place from, int most) {
        return tx.createQuery("select s.position, s.seq, s.hash, " + AuditRow.COLUMNS
                        + " from audit_seal s left join audit a using (seq) where s.position > :from"
                        + " order by s.position limit :most")
                .bind("from", from.position)
                .bind("most", most)
                .map((row, _) -> link(row))
                .list();
    }

    private static Link link(ResultSet row) throws SQLException {
        boolean there = row.getString(4) != null;
        return new Link(row.getLong(1), row.getLong(2), row.getString(3), there ? AuditRow.read(row, 4) : null);
    }

    private static void check(Place before, Link link, List<Fault> faults) {
        if (link.position != before.position + 1) {
            faults.add(new Fault(
                    before.position + 1,
                    null,
                    "positions %d to %d are missing".formatted(before.position + 1, link.position - 1)));
        } else if (link.row == null) {
            faults.add(new Fault(link.position, link.seq, "row %d is missing".formatted(link.seq)));
        } else if (!link.row.hashAfter(before.hash).equals(link.hash)) {
            faults.add(new Fault(
                    link.position, link.seq, "row %d was changed, or has another's place".formatted(link.seq)));
        }
    }

    private static void holdAgainst(Handle tx, Place known, Place cut, Place head, List<Fault> faults) {
        if (known.position < cut.position) {
            return;
        }
        if (known.position > head.position) {
            faults.add(new Fault(
                    known.position,
                    null,
                    "the chain ends at position %d, before the one you kept".formatted(head.position)));
            return;
        }
        Place there = known.position == cut.position
                ? cut
                : tx.createQuery("select position, hash from audit_seal where position = :position")
                        .bind("position", known.position)
                        .map((row, _) -> new Place(row.getLong(1), row.getString(2)))
                        .findOne()
                        .orElse(known);
        if (!there.hash.equalsIgnoreCase(known.hash)) {
            faults.add(new Fault(known.position, null, "the hash is not the one you kept: the chain was rewritten"));
        }
    }

    private static void checkEnd(Handle tx, Place end, Place head, List<Fault> faults) {
        if (end.position < head.position) {
            faults.add(new Fault(
                    end.position + 1,
                    null,
                    "the end is missing: positions %d to %d".formatted(end.position + 1, head.position)));
        } else if (!end.hash.equals(head.hash)) {
            faults.add(new Fault(end.position, null, "the last hash is not the one kept beside the chain"));
        }
        tx.createQuery("""
                        select a.seq from audit a, audit_head h
                        where a.xid < h.xid and not exists (select from audit_seal s where s.seq = a.seq)
                        order by a.seq limit :most""")
                .bind("most", MOST_FAULTS)
                .mapTo(Long.class)
                .forEach(seq -> faults.add(new Fault(
                        null, seq, "row %d has no place in the chain, though later ones have".formatted(seq))));
    }

    private static boolean exists(Handle tx, long after) {
        return tx.createQuery("select exists (select from audit_seal where position > :after)")
                .bind("after", after)
                .mapTo(Boolean.class)
                .one();
    }

    private static long unsealed(Handle tx) {
        return tx.createQuery("""
                        select count(*) from audit a, audit_head h
                        where a.xid >= h.xid and not exists (select from audit_seal s where s.seq = a.seq)""").mapTo(Long.class).one();
    }

    private static Optional<Place> place(Handle tx, String query) {
        return tx.createQuery(query)
                .map((row, _) -> new Place(row.getLong(1), row.getString(2)))
                .findOne();
    }
}
