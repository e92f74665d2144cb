package dev.slipway.notify.notice;

import dev.slipway.eventing.Handled;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkResult;
import dev.slipway.events.NoticeRequested;
import dev.slipway.notify.audience.ChannelName;
import dev.slipway.notify.channel.Delivery;
import dev.slipway.notify.channel.Patience;
import dev.slipway.notify.notice.NoticeRules.Decision;
import dev.slipway.notify.notice.NoticeRules.Signal;
import dev.slipway.notify.notice.NoticeRules.Tally;
import dev.slipway.notify.notice.NoticeState.Delivered;
import dev.slipway.notify.notice.NoticeState.Failed;
import dev.slipway.notify.notice.NoticeState.Pending;
import dev.slipway.notify.notice.NoticeState.Sending;
import dev.slipway.notify.occasion.Occasion;
import dev.slipway.notify.occasion.TellPeople;
import dev.slipway.notify.wording.Render;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The way of every notice: an occasion is entered once, routed to its recipients, rendered for each and made due, in
/// the transaction of the event; what is due is delivered and the outcome recorded. Muting and quiet hours belong
/// between routing and rendering.
///
/// A kill between delivery and record leaves a notice in `sending`: whoever takes it over sends it again under the same
/// key and counts the attempt before as unconfirmed.
@Singleton
public final class NoticePipeline implements TellPeople, WorkHandler {
    private static final Logger LOG = Logger.getLogger(NoticePipeline.class);
    private static final String KIND = "notice";

    private final OccasionLedger ledger;
    private final Route route;
    private final Render render;
    private final Notices notices;
    private final WorkQueue work;
    private final Deliver deliver;
    private final Answer answer;
    private final NoticeMetrics metrics;
    private final NoticeSettings settings;
    private final NoticeRules rules;
    private final Jdbi jdbi;
    private final Clock clock;

    NoticePipeline(
            OccasionLedger ledger,
            Route route,
            Render render,
            Notices notices,
            WorkQueue work,
            Deliver deliver,
            Answer answer,
            NoticeMetrics metrics,
            NoticeSettings settings,
            Jdbi jdbi,
            Clock clock) {
        this.ledger = ledger;
        this.route = route;
        this.render = render;
        this.notices = notices;
        this.work = work;
        this.deliver = deliver;
        this.answer = answer;
        this.metrics = metrics;
        this.settings = settings;
        this.rules = new NoticeRules(settings.backOff());
        this.jdbi = jdbi;
        this.clock = clock;
    }

    @Override
    public Handled of(Handle tx, Occasion occasion) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        List<Recipient> recipients = route.of(tx, occasion);
        boolean heard = !recipients.isEmpty() || occasion.request() != null;
        if (!ledger.enter(tx, occasion, heard, now)) {
            LOG.debugf("told already occasion=%s key=%s", occasion.id(), occasion.key());
            answer.again(tx, occasion.id());
            return Handled.ignored("told already");
        }
        recipients.stream()
                .map(recipient -> compose(tx, occasion, recipient, now))
                .filter(notice -> notices.add(tx, notice))
                .forEach(notice -> work.schedule(tx, KIND, notice.id().toString(), now));
        if (heard && recipients.isEmpty()) {
            answer.ifSettled(tx, occasion.id());
        }
        return Handled.applied();
    }

    @Override
    public Handled cannot(Handle tx, UUID chainId, NoticeRequested request) {
        answer.unknownSituation(tx, chainId, request);
        return Handled.refused("there is no situation '%s'".formatted(request.situation()));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public WorkResult run(WorkItem item) {
        UUID id = UUID.fromString(item.id());
        return jdbi.inTransaction(tx -> begin(tx, id))
                .map(notice -> record(notice, deliver.attempt(notice)))
                .orElseGet(() -> WorkResult.done(_ -> {}));
    }

    private Notice compose(Handle tx, Occasion occasion, Recipient recipient, Instant now) {
        @Nullable UUID release = occasion.about().release();
        Optional<UUID> thread = notices.threadOf(tx, release, recipient);
        return new Notice(
                Notice.idOf(occasion.id(), recipient),
                occasion.id(),
                occasion.situation(),
                occasion.about().application(),
                release,
                recipient,
                thread.orElse(null),
                render.message(recipient.channel(), occasion.situation(), occasion.facts(), recipient.audience()),
                now,
                deadline(occasion, recipient.channel(), now),
                new Pending(now, null),
                Tally.NONE,
                0);
    }

    private Instant deadline(Occasion occasion, ChannelName channel, Instant now) {
        Patience patience = settings.patience(channel);
        return occasion.deadline() == null ? now.plus(patience.giveUpAfter()) : occasion.deadline();
    }

    /// Marks the attempt before it is made, so that its loss can be seen.
    ///
    /// @return the notice to deliver; empty when there is nothing to deliver any more
    private Optional<Notice> begin(Handle tx, UUID id) {
        return notices.find(tx, id)
                .flatMap(notice ->
                        apply(tx, notice, rules.decide(notice.standing(), new Signal.Begin(), clock.instant())))
                .filter(notice -> notice.state() instanceof Sending);
    }

    private WorkResult record(Notice notice, Delivery delivery) {
        metrics.attempted(notice, delivery);
        Decision decision = rules.decide(notice.standing(), new Signal.Ended(delivery), clock.instant());
        return decision instanceof Decision.Move(Pending pending, Tally _)
                ? WorkResult.again(pending.due(), tx -> apply(tx, notice, decision))
                : WorkResult.done(tx -> apply(tx, notice, decision));
    }

    private Optional<Notice> apply(Handle tx, Notice notice, Decision decision) {
        return switch (decision) {
            case Decision.Move move -> {
                Notice moved = notices.update(tx, notice.moved(move));
                metrics.moved(notice, moved);
                if (move.to() instanceof Delivered || move.to() instanceof Failed) {
                    LOG.infof("notice settled %s", moved.summary());
                    answer.ifSettled(tx, moved.occasion());
                }
                yield Optional.of(moved);
            }
            case Decision.Ignore(String why) -> {
                LOG.debugf("notice=%s ignored: %s", notice.id(), why);
                yield Optional.empty();
            }
            case Decision.Refuse(String why) -> {
                LOG.warnf("notice=%s refused: %s", notice.id(), why);
                yield Optional.empty();
            }
        };
    }
}
