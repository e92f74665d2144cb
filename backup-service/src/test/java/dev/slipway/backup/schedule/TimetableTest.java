package dev.slipway.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimetableTest {
    private static final int LAST_YEAR = 2038;

    /// One zone for each set of rules: many names share theirs.
    static List<ZoneId> zones() {
        Map<ZoneRules, ZoneId> byRules = new LinkedHashMap<>();
        ZoneId.getAvailableZoneIds().stream()
                .sorted()
                .map(ZoneId::of)
                .forEach(zone -> byRules.putIfAbsent(zone.getRules(), zone));
        return List.copyOf(byRules.values());
    }

    @ParameterizedTest
    @CsvSource({
        // Los Angeles skips 02:00 to 03:00 on 14 March 2027 and has 01:00 to 02:00 twice on 1 November 2026.
        "America/Los_Angeles, 2027-03-14T01:30, 2027-03-14T09:30:00Z",
        "America/Los_Angeles, 2027-03-14T02:00, 2027-03-14T10:00:00Z",
        "America/Los_Angeles, 2027-03-14T02:30, 2027-03-14T10:00:00Z",
        "America/Los_Angeles, 2027-03-14T03:00, 2027-03-14T10:00:00Z",
        "America/Los_Angeles, 2027-03-14T03:30, 2027-03-14T10:30:00Z",
        "America/Los_Angeles, 2026-11-01T00:59, 2026-11-01T07:59:00Z",
        "America/Los_Angeles, 2026-11-01T01:00, 2026-11-01T08:00:00Z",
        "America/Los_Angeles, 2026-11-01T01:30, 2026-11-01T08:30:00Z",
        "America/Los_Angeles, 2026-11-01T02:00, 2026-11-01T10:00:00Z",
        // Lord Howe moves by half an hour.
        "Australia/Lord_Howe, 2026-10-04T02:15, 2026-10-03T15:30:00Z",
        "Australia/Lord_Howe, 2027-04-04T01:45, 2027-04-03T14:45:00Z",
        // Apia had no 30 December 2011.
        "Pacific/Apia, 2011-12-30T02:00, 2011-12-30T10:00:00Z",
        // Cairo skips midnight, Troll moves by two hours, Kolkata does not move.
        "Africa/Cairo, 2027-04-30T00:00, 2027-04-29T22:00:00Z",
        "Antarctica/Troll, 2027-03-28T01:30, 2027-03-28T01:00:00Z",
        "Asia/Kolkata, 2027-03-28T02:00, 2027-03-27T20:30:00Z",
    })
    void shouldBeDueAtTheFirstMomentTheClocksShowTheTimeOrALaterOne(String zone, String local, String at) {
        assertThat(daily("00:00", zone).due(LocalDateTime.parse(local))).isEqualTo(at);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01:30", "02:00", "02:30", "03:00"})
    void shouldRunOnceOnEachDayOfTheClockChange(String time) {
        Timetable timetable = daily(time, "America/Los_Angeles");

        assertThat(datesBetween(timetable, "2026-10-30T00:00:00Z", 5)).containsExactlyElementsOf(days("2026-10-30", 5));
        assertThat(datesBetween(timetable, "2027-03-12T12:00:00Z", 5)).containsExactlyElementsOf(days("2027-03-13", 5));
    }

    @Test
    void shouldRunOnceForAllThatFellIntoTheGap() {
        Timetable timetable = cron("*/20 1-3 * * *", "America/Los_Angeles");

        List<Occurrence> occurrences = next(timetable, Instant.parse("2027-03-14T09:30:00Z"), 4);

        assertThat(occurrences)
                .containsExactly(
                        occurrence("2027-03-14T01:40", "2027-03-14T09:40:00Z"),
                        occurrence("2027-03-14T02:00", "2027-03-14T10:00:00Z"),
                        occurrence("2027-03-14T03:20", "2027-03-14T10:20:00Z"),
                        occurrence("2027-03-14T03:40", "2027-03-14T10:40:00Z"));
    }

    @Test
    void shouldRunAnHourThatComesTwiceOnce() {
        Timetable timetable = cron("30 * * * *", "America/Los_Angeles");

        List<Occurrence> occurrences = next(timetable, Instant.parse("2026-11-01T07:45:00Z"), 3);

        assertThat(occurrences)
                .containsExactly(
                        occurrence("2026-11-01T01:30", "2026-11-01T08:30:00Z"),
                        occurrence("2026-11-01T02:30", "2026-11-01T10:30:00Z"),
                        occurrence("2026-11-01T03:30", "2026-11-01T11:30:00Z"));
    }

    /// From a moment inside the second of the two hours, too.
    @Test
    void shouldNotStartAgainInTheSecondOfTwoEqualHours() {
        Timetable timetable = cron("*/15 * * * *", "America/Los_Angeles");

        Occurrence next = timetable.after(Instant.parse("2026-11-01T09:05:00Z"));

        assertThat(next).isEqualTo(occurrence("2026-11-01T02:00", "2026-11-01T10:00:00Z"));
    }

    /// An implementation of the rule that knows nothing of gaps and overlaps: it walks the stretches of constant offset
    /// and takes the first in which a clock shows the time or a later one.
    @ParameterizedTest
    @MethodSource("zones")
    void shouldFollowTheRuleAtEveryChangeOfEveryZone(ZoneId zone) {
        Random random = new Random(zone.getId().hashCode());
        List<Stretch> stretches = stretches(zone.getRules());
        Timetable timetable = new Timetable(Rhythm.daily(LocalTime.MIDNIGHT, List.of()), zone);

        for (int i = 1; i < stretches.size(); i++) {
            LocalDateTime change = LocalDateTime.ofInstant(stretches.get(i).from(), ZoneOffset.UTC);
            for (int tries = 0; tries < 6; tries++) {
                LocalDateTime local = change.plusMinutes(random.nextInt(4 * 24 * 60) - 2 * 24 * 60);

                if (!timetable.due(local).equals(shown(stretches, local))) {
                    fail(
                            "%s in %s: due at %s, shown at %s",
                            local, zone, timetable.due(local), shown(stretches, local));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("zones")
    void shouldRunOncePerDateInEveryZone(ZoneId zone) {
        Random random = new Random(42 + zone.getId().hashCode());
        LocalTime time = LocalTime.of(random.nextInt(24), random.nextInt(60));
        Timetable timetable = new Timetable(Rhythm.daily(time, List.of()), zone);
        Occurrence run = timetable.after(Instant.parse("1995-01-01T12:00:00Z"));

        for (int day = 0; day < 365 * 43; day++) {
            Occurrence next = timetable.after(run.at());

            Duration pause = Duration.between(run.at(), next.at());
            int setBack = offset(zone, run) - offset(zone, next);
            if (!next.local().equals(run.local().plusDays(1))
                    || !pause.isPositive()
                    || pause.toSeconds() > 86_400 + Math.max(0, setBack)) {
                fail("after %s came %s in %s", run, next, zone);
            }
            run = next;
        }
    }

    /// Whatever the moment it is asked at, the answer is the first of the times that are due after it.
    @ParameterizedTest
    @MethodSource("zones")
    void shouldFindTheNextTimeFromAnyMoment(ZoneId zone) {
        Random random = new Random(7 + zone.getId().hashCode());
        Rhythm rhythm = random.nextBoolean()
                ? Rhythm.cron("%d */%d * * *".formatted(random.nextInt(60), 1 + random.nextInt(6)))
                : Rhythm.daily(
                        LocalTime.of(random.nextInt(24), random.nextInt(60)),
                        Set.of(DayOfWeek.of(1 + random.nextInt(7))));
        Timetable timetable = new Timetable(rhythm, zone);
        List<Occurrence> all = next(timetable, Instant.parse("2026-02-01T00:00:00Z"), 400);
        long span = Duration.between(all.getFirst().at(), all.getLast().at()).toSeconds();

        for (int tries = 0; tries < 25; tries++) {
            Instant moment = all.getFirst().at().plusSeconds(random.nextLong(span));
            Occurrence before = all.stream()
                    .filter(it -> !it.at().isAfter(moment))
                    .reduce((_, later) -> later)
                    .orElseThrow();

            assertThat(timetable.after(moment))
                    .as("after %s in %s", moment, zone)
                    .isEqualTo(all.stream()
                            .filter(it -> it.at().isAfter(moment))
                            .findFirst()
                            .orElseThrow());
            assertThat(timetable.lastUpTo(moment, all.getFirst())).isEqualTo(before);
        }
    }

    @Test
    void shouldFindTheLastOfMillionsOfTimesWithoutWalkingThem() {
        Timetable timetable = cron("* * * * *", "Europe/Berlin");
        Occurrence first = timetable.after(Instant.parse("2006-01-01T00:00:00Z"));

        Occurrence last = timetable.lastUpTo(Instant.parse("2026-01-01T00:00:30Z"), first);

        assertThat(last.at()).isEqualTo("2026-01-01T00:00:00Z");
    }

    private record Stretch(Instant from, ZoneOffset offset) {}

    private static List<Stretch> stretches(ZoneRules rules) {
        List<Stretch> stretches = new ArrayList<>();
        stretches.add(new Stretch(Instant.MIN, rules.getOffset(Instant.MIN)));
        ZoneOffsetTransition change = rules.nextTransition(Instant.MIN);
        while (change != null && change.getDateTimeBefore().getYear() < LAST_YEAR) {
            stretches.add(new Stretch(change.getInstant(), change.getOffsetAfter()));
            change = rules.nextTransition(change.getInstant());
        }
        return stretches;
    }

    private static Instant shown(List<Stretch> stretches, LocalDateTime local) {
        for (int i = 0; i < stretches.size(); i++) {
            Stretch stretch = stretches.get(i);
            Instant at = local.toInstant(stretch.offset());
            boolean last = i == stretches.size() - 1;
            if (last || at.isBefore(stretches.get(i + 1).from())) {
                return at.isBefore(stretch.from()) ? stretch.from() : at;
            }
        }
        throw new IllegalStateException("the last stretch has no end");
    }

    private static int offset(ZoneId zone, Occurrence occurrence) {
        return zone.getRules().getOffset(occurrence.at()).getTotalSeconds();
    }

    private static List<Occurrence> next(Timetable timetable, Instant from, int count) {
        return Stream.iterate(timetable.after(from), it -> timetable.after(it.at()))
                .limit(count)
                .toList();
    }

    private static List<LocalDate> datesBetween(Timetable timetable, String from, int count) {
        List<LocalDate> dates = next(timetable, Instant.parse(from), count).stream()
                .map(it -> LocalDate.ofInstant(it.at(), timetable.zone()))
                .toList();
        assertThat(new HashSet<>(dates)).hasSize(count);
        return dates;
    }

    private static List<LocalDate> days(String first, int count) {
        return LocalDate.parse(first)
                .datesUntil(LocalDate.parse(first).plusDays(count))
                .toList();
    }

    private static Occurrence occurrence(String local, String at) {
        return new Occurrence(LocalDateTime.parse(local), Instant.parse(at));
    }

    private static Timetable daily(String time, String zone) {
        return new Timetable(Rhythm.daily(Rhythm.time(time), List.of()), Timetable.zone(zone));
    }

    private static Timetable cron(String expression, String zone) {
        return new Timetable(Rhythm.cron(expression), Timetable.zone(zone));
    }
}
