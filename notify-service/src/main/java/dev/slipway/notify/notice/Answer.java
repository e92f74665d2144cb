package dev.slipway.notify.notice;

import dev.slipway.eventing.EventWriter;
import dev.slipway.events.EventData;
import dev.slipway.events.NoticeDelivered;
import dev.slipway.events.NoticeFailed;
import dev.slipway.events.NoticeRequested;
import dev.slipway.notify.notice.NoticeState.Delivered;
import dev.slipway.notify.notice.NoticeState.Failed;
import dev.slipway.notify.notice.OccasionLedger.Entry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Says how an occasion ended: once every message was accepted, or as soon as the first one is given up.
@Singleton
final class Answer {
    private final OccasionLedger ledger;
    private final Notices notices;
    private final EventWriter events;
    private final Clock clock;

    Answer(OccasionLedger ledger, Notices notices, EventWriter events, Clock clock) {
        this.ledger = ledger;
        this.notices = notices;
        this.events = events;
        this.clock = clock;
    }

    /// Settles an open occasion when it is time, in the transaction of the change that may have made it so.
    void ifSettled(Handle tx, UUID occasion) {
        Entry entry = ledger.lock(tx, occasion).orElseThrow();
        if (entry.state().equals(OccasionLedger.OPEN)) {
            say(tx, entry, notices.of(tx, occasion));
        }
    }

    /// A request that came again gets its answer again; while there is none yet, it will come.
    void again(Handle tx, UUID occasion) {
        Entry entry = ledger.lock(tx, occasion).orElseThrow();
        if (entry.request() != null) {
            say(tx, entry, notices.of(tx, occasion));
        }
    }

    /// A request for a situation there is no template for.
    void unknownSituation(Handle tx, UUID chain, NoticeRequested request) {
        write(
                tx,
                request.release().id().toString(),
                request.requestId(),
                chain,
                new NoticeFailed(
                        request.requestId(),
                        request.release().id(),
                        request.release().application(),
                        request.situation(),
                        "there is no situation '" + request.situation() + "'",
                        List.of()));
    }

    private void say(Handle tx, Entry entry, List<Notice> all) {
        List<Notice> failed =
                all.stream().filter(notice -> notice.state() instanceof Failed).toList();
        if (!failed.isEmpty()) {
            settle(tx, entry, OccasionLedger.FAILED, failed(entry, failed));
        } else if (all.stream().allMatch(notice -> notice.state() instanceof Delivered)) {
            settle(tx, entry, OccasionLedger.DELIVERED, delivered(entry, all));
        }
    }

    private void settle(Handle tx, Entry entry, String state, EventData said) {
        ledger.settle(tx, entry.id(), state, clock.instant());
        boolean heard = entry.request() != null
                || !(said instanceof NoticeDelivered delivered
                        && delivered.messages().isEmpty());
        if (heard) {
            write(tx, entry.eventKey(), entry.request() == null ? entry.id() : entry.request(), entry.chain(), said);
        }
    }

    private void write(Handle tx, String key, UUID subject, UUID chain, EventData said) {
        events.write(tx, key, subject.toString(), chain, said);
    }

    private static NoticeDelivered delivered(Entry entry, List<Notice> all) {
        return new NoticeDelivered(
                entry.request(),
                entry.release(),
                entry.application(),
                entry.situation().label(),
                messages(all));
    }

    private static NoticeFailed failed(Entry entry, List<Notice> failed) {
        Notice first = failed.getFirst();
        String why = first.state() instanceof Failed given
                ? "%s to %s: %s"
                        .formatted(
                                first.recipient().channel().label(),
                                first.recipient().audience(),
                                given.detail())
                : "";
        return new NoticeFailed(
                entry.request(),
                entry.release(),
                entry.application(),
                entry.situation().label(),
                why,
                messages(failed));
    }

    private static List<NoticeDelivered.Message> messages(List<Notice> notices) {
        return notices.stream()
                .map(notice -> new NoticeDelivered.Message(
                        notice.id(),
                        notice.recipient().audience(),
                        notice.recipient().channel().label()))
                .toList();
    }
}
