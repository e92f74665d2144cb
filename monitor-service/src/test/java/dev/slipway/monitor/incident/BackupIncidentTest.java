package dev.slipway.monitor.incident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Outbox;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupMissed;
import dev.slipway.events.BackupOverdue;
import dev.slipway.events.BackupRecovered;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.events.IncidentDetected;
import dev.slipway.events.RetentionReported;
import dev.slipway.events.ScheduleInactive;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.web.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BackupIncidentTest {
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    private final Jdbi jdbi =
            TestDatabase.fresh("db/eventing", "db/manifest", "db/migration").jdbi();
    private final RaiseIncident raise =
            new RaiseIncident(new EventWriter(new Outbox(clock), clock, Catalogue.MONITOR), clock);
    private final List<EventHandler<?>> handlers = List.of(
            new BackupHandlers.OnFailed(raise),
            new BackupHandlers.OnMissed(raise),
            new BackupHandlers.OnOverdue(raise),
            new BackupHandlers.OnInactive(raise),
            new BackupHandlers.OnRetention(raise),
            new BackupHandlers.OnRecovered(raise));

    @Test
    void shouldRaiseASevTwoThatSaysWhatToDo() {
        take(failed("shop/production"));

        assertThat(incidents()).singleElement().satisfies(incident -> {
            assertThat(incident.severity()).isEqualTo("sev2");
            assertThat(incident.environment()).isEqualTo("shop/production");
            assertThat(incident.release()).isNull();
            assertThat(incident.description())
                    .isEqualTo("Backups of shop/orders: the last one failed (dump-failed): disk full."
                            + " Next: take the backup again.");
        });
        assertThat(told()).singleElement().satisfies(detected -> {
            assertThat(detected.customData().severity()).isEqualTo("sev2");
            assertThat(detected.customData().release()).isNull();
            assertThat(detected.content().service().id()).isEqualTo("shop");
        });
    }

    @Test
    void shouldRaiseOneIncidentPerDatabaseAndCause() {
        take(failed("shop/production"));
        take(failed("shop/production"));
        take(missed("nightly"));
        take(missed("weekly"));
        take(overdue());
        take(overdue());
        take(inactive());
        take(retention(true));
        take(retention(false));

        assertThat(incidents())
                .extracting(Incident::cause)
                .containsExactlyInAnyOrder(
                        "backup-failed/shop/orders",
                        "backup-missed/shop/orders/nightly",
                        "backup-missed/shop/orders/weekly",
                        "backup-overdue/shop/orders",
                        "backup-inactive/shop/orders/nightly",
                        "backup-retention/shop/orders");
        assertThat(told()).hasSize(6);
    }

    @Test
    void shouldResolveItWhenAllIsWellAndRaiseTheNext() {
        take(overdue());
        clock.advance(Duration.ofHours(1));
        take(recovered("overdue", null));
        clock.advance(Duration.ofHours(30));
        take(overdue());

        assertThat(incidents()).extracting(Incident::state).containsExactly("open", "resolved");
        assertThat(incidents().getLast().resolvedAt()).isEqualTo("2026-03-01T11:00:00Z");
    }

    /// The two come by different keys: either may be the first to arrive.
    @Test
    void shouldNotRaiseWhatWasOverBeforeWordOfItCame() {
        Event<?> late = event(failed("shop/production"));
        clock.advance(Duration.ofMinutes(1));
        take(recovered("failed", null));

        take(late);
        clock.advance(Duration.ofDays(1));
        take(failed("shop/production"));

        assertThat(incidents())
                .singleElement()
                .satisfies(incident -> assertThat(incident.openedAt()).isEqualTo("2026-03-02T10:01:00Z"));
    }

    @Test
    void shouldLeaveAReleasesOwnTroubleToIt() {
        take(failed(null));

        assertThat(incidents()).isEmpty();
    }

    private static BackupFailed failed(@Nullable String environment) {
        return new BackupFailed(
                UUID.randomUUID(),
                null,
                null,
                "shop",
                "orders",
                environment,
                "dump-failed",
                "disk full",
                "take the backup again");
    }

    private static BackupMissed missed(String schedule) {
        return new BackupMissed(
                "shop", "orders", "shop/production", schedule, "2026-03-01T02:00", Instant.EPOCH, "late", "take one");
    }

    private static BackupOverdue overdue() {
        return new BackupOverdue(
                "shop", "orders", "shop/production", Duration.ofHours(26), null, null, "27 h old", "take one");
    }

    private static ScheduleInactive inactive() {
        return new ScheduleInactive(
                "shop", "orders", "shop/production", "nightly", Instant.EPOCH, "paused", "resume it");
    }

    private static RetentionReported retention(boolean ok) {
        return new RetentionReported(
                "shop", "orders", "shop/production", 7, 700, 1, ok ? 0 : 1, null, null, ok, "as it is", null);
    }

    private static BackupRecovered recovered(String cause, @Nullable String schedule) {
        return new BackupRecovered("shop", "orders", "shop/production", cause, schedule, "all is well");
    }

    private <D extends EventData> Event<D> event(D data) {
        return new Event<>(
                UUID.randomUUID(), "/slipway/backup-service", "shop/orders", clock.instant(), UUID.randomUUID(), data);
    }

    private void take(EventData data) {
        take(event(data));
    }

    private void take(Event<?> event) {
        for (EventHandler<?> handler : handlers) {
            take(handler, event);
        }
    }

    @SuppressWarnings("unchecked") // the type was compared
    private <D extends EventData> void take(EventHandler<D> handler, Event<?> event) {
        if (handler.type().isInstance(event.data())) {
            jdbi.useTransaction(tx -> handler.handle(tx, (Event<D>) event));
        }
    }

    private List<Incident> incidents() {
        return jdbi.withHandle(handle ->
                new IncidentStore().list(handle, Optional.empty(), Optional.empty(), new PageRequest(List.of(), 50)));
    }

    private List<IncidentDetected> told() {
        return jdbi.withHandle(handle -> handle.createQuery("select data from outbox order by seq")
                .map((row, _) -> detected(row.getString("data")))
                .list());
    }

    private static IncidentDetected detected(String json) {
        try {
            return EventCodec.json().readValue(json, IncidentDetected.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
