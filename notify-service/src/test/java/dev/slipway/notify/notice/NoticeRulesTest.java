package dev.slipway.notify.notice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.notify.channel.Delivery;
import dev.slipway.notify.channel.Reason;
import dev.slipway.notify.notice.NoticeRules.Decision;
import dev.slipway.notify.notice.NoticeRules.Signal;
import dev.slipway.notify.notice.NoticeRules.Standing;
import dev.slipway.notify.notice.NoticeRules.Tally;
import dev.slipway.notify.notice.NoticeState.Delivered;
import dev.slipway.notify.notice.NoticeState.Failed;
import dev.slipway.notify.notice.NoticeState.Pending;
import dev.slipway.notify.notice.NoticeState.Sending;
import dev.slipway.notify.notice.NoticeState.Setback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NoticeRulesTest {
    private static final UUID ID = UUID.nameUUIDFromBytes(new byte[] {1});
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant DEADLINE = NOW.plus(Duration.ofMinutes(1));
    private static final Tally ONE = new Tally(1, 0);

    private final NoticeRules rules = new NoticeRules(new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30)));

    @Test
    void shouldDecideAsTheTableInTheJavadocSays() throws IOException {
        List<NoticeState> states = List.of(
                new Pending(NOW, null),
                new Sending(NOW),
                new Delivered(NOW, "ok"),
                new Failed(NOW, Reason.MESSAGE_REFUSED, "no"));
        record Column(Signal signal, Instant now) {}
        Map<String, Column> columns = new LinkedHashMap<>();
        Instant tooLate = DEADLINE.plusSeconds(1);
        columns.put("begin", new Column(new Signal.Begin(), NOW));
        columns.put("begin, too late", new Column(new Signal.Begin(), tooLate));
        columns.put("accepted", new Column(new Signal.Ended(new Delivery.Accepted("ok")), NOW));
        columns.put("not now", new Column(new Signal.Ended(busy()), NOW));
        columns.put("not now, too late", new Column(new Signal.Ended(busy()), tooLate));
        columns.put("refused", new Column(new Signal.Ended(new Delivery.Refused(Reason.RECIPIENT_REFUSED, "no")), NOW));

        List<String> table = new ArrayList<>();
        table.add("/// | state | " + String.join(" | ", columns.keySet()) + " |");
        table.add("/// |" + "---|".repeat(columns.size() + 1));
        for (NoticeState state : states) {
            StringBuilder row = new StringBuilder("/// | " + state.phase() + " |");
            columns.forEach((_, column) -> row.append(' ')
                    .append(word(rules.decide(standing(state, ONE), column.signal(), column.now())))
                    .append(" |"));
            table.add(row.toString());
        }

        assertThat(Files.readString(Path.of("src/main/java/dev/slipway/notify/notice/NoticeRules.java")))
                .contains(String.join("\n", table));
    }

    @Test
    void shouldCountAnAttemptWhoseEndWasNeverRecordedAsUnconfirmed() {
        Decision decision = rules.decide(standing(new Sending(NOW), ONE), new Signal.Begin(), NOW.plusSeconds(20));

        assertThat(decision).isEqualTo(new Decision.Move(new Sending(NOW.plusSeconds(20)), new Tally(2, 1)));
    }

    @Test
    void shouldCountAnAttemptWithoutAnswerAsUnconfirmedAndAnAnsweredOneNot() {
        Delivery silent = Delivery.noAnswer(Reason.TIMEOUT, "no answer");

        assertThat(move(ended(ONE, silent, NOW)).tally()).isEqualTo(new Tally(1, 1));
        assertThat(move(ended(ONE, busy(), NOW)).tally()).isEqualTo(ONE);
    }

    @Test
    void shouldWaitLongerAfterEveryAttempt() {
        Standing standing = new Standing(ID, NOW.plus(Duration.ofDays(1)), new Sending(NOW), ONE);

        List<Duration> waits = new ArrayList<>();
        for (int attempts = 1; attempts <= 8; attempts++) {
            Standing next = new Standing(ID, standing.deadline(), standing.state(), new Tally(attempts, 0));
            waits.add(wait(move(rules.decide(next, new Signal.Ended(busy()), NOW))));
        }

        assertThat(waits.getFirst()).isBetween(Duration.ofMillis(750), Duration.ofMillis(1250));
        assertThat(waits.subList(0, 5)).isSorted();
        assertThat(waits.getLast()).isBetween(Duration.ofMillis(22_500), Duration.ofMillis(37_500));
    }

    @Test
    void shouldSpreadWhatFailedTogether() {
        BackOff backOff = new BackOff(Duration.ofSeconds(10), Duration.ofMinutes(1));

        List<Duration> waits = new ArrayList<>();
        for (byte i = 0; i < 20; i++) {
            waits.add(backOff.after(1, UUID.nameUUIDFromBytes(new byte[] {i})));
        }

        assertThat(waits).doesNotHaveDuplicates();
    }

    @Test
    void shouldLeaveTheReceiverAloneForAsLongAsItAsks() {
        Delivery limited = new Delivery.NotNow(Reason.RATE_LIMITED, "429", Optional.of(Duration.ofSeconds(42)), false);

        assertThat(move(ended(ONE, limited, NOW)).to())
                .isEqualTo(new Pending(NOW.plusSeconds(42), new Setback(Reason.RATE_LIMITED, "429")));
    }

    @Test
    void shouldGiveUpWhenTheReceiverAsksForMoreTimeThanThereIs() {
        Delivery limited = new Delivery.NotNow(Reason.RATE_LIMITED, "429", Optional.of(Duration.ofSeconds(61)), false);

        assertThat(move(ended(ONE, limited, NOW)).to())
                .isEqualTo(new Failed(NOW, Reason.RATE_LIMITED, "given up after 1 attempt: 429"));
    }

    @Test
    void shouldUseTheTimeUpToTheDeadlineAndThenEnd() {
        Instant now = NOW;
        Tally tally = Tally.NONE;
        NoticeState state = new Pending(now, null);
        while (state instanceof Pending pending) {
            now = pending.due();
            tally = move(rules.decide(standing(pending, tally), new Signal.Begin(), now))
                    .tally();
            state = move(ended(tally, busy(), now)).to();
        }

        assertThat(now).isAfter(DEADLINE.minusSeconds(5)).isBefore(DEADLINE);
        assertThat(tally.attempts()).isBetween(5, 15);
        assertThat(state).isInstanceOf(Failed.class);
    }

    private Decision ended(Tally tally, Delivery delivery, Instant now) {
        return rules.decide(standing(new Sending(now), tally), new Signal.Ended(delivery), now);
    }

    private static Standing standing(NoticeState state, Tally tally) {
        return new Standing(ID, DEADLINE, state, tally);
    }

    private static Delivery busy() {
        return Delivery.notNow(Reason.RECEIVER_BUSY, "451 later");
    }

    private static Decision.Move move(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Move.class);
        return (Decision.Move) decision;
    }

    private static Duration wait(Decision.Move move) {
        return Duration.between(NOW, ((Pending) move.to()).due());
    }

    private static String word(Decision decision) {
        return switch (decision) {
            case Decision.Move move -> move.to().phase();
            case Decision.Ignore _ -> "ignore";
            case Decision.Refuse _ -> "refuse";
        };
    }
}
