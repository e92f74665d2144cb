package dev.slipway.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.slipway.backup.retention.Retention.Candidate;
import dev.slipway.backup.retention.Retention.Verdict;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RetentionTest {
    private static final String SOURCE = "postgresql://db:5432/orders";
    private static final Instant NOW = Instant.parse("2026-03-31T12:00:00Z");
    private static final ZoneId LOS_ANGELES = ZoneId.of("America/Los_Angeles");

    /// A backup at 02:00 UTC of every day of January to March; what each policy keeps of them, as dates.
    static Stream<Arguments> policies() {
        return Stream.of(
                Arguments.of("a week", policy(0, 7, 0, 0, 0, 0), dates("2026-03-24", "2026-03-31")),
                Arguments.of("the last three", policy(3, 0, 0, 0, 0, 0), dates("2026-03-29", "2026-03-31")),
                Arguments.of("two dates", policy(0, 0, 2, 0, 0, 0), dates("2026-03-30", "2026-03-31")),
                Arguments.of(
                        "three weeks", policy(0, 0, 0, 3, 0, 0), List.of("2026-03-22", "2026-03-29", "2026-03-31")),
                Arguments.of(
                        "three months", policy(0, 0, 0, 0, 3, 0), List.of("2026-01-31", "2026-02-28", "2026-03-31")),
                Arguments.of("two years", policy(0, 0, 0, 0, 0, 2), List.of("2026-03-31")),
                Arguments.of(
                        "some of each",
                        policy(1, 2, 1, 2, 2, 1),
                        List.of("2026-02-28", "2026-03-29", "2026-03-30", "2026-03-31")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("policies")
    void shouldKeepWhatTheRulesSay(String name, RetentionPolicy policy, Collection<String> kept) {
        List<Candidate> backups = daily("2026-01-01", "2026-03-31");

        assertThat(keptDates(backups, policy, NOW)).containsExactlyElementsOf(kept);
    }

    @Test
    void shouldCountByTheDatesOfThePolicysZone() {
        // 01:00 in Los Angeles is the date before in no zone but west of it: 2026-03-31T06:00Z is 23:00 of the 30th.
        Candidate lateOnThe30th = proved("2026-03-31T06:00:00Z");
        Candidate earlyOnThe31st = proved("2026-03-31T08:00:00Z");

        List<Verdict> utc = decide(List.of(lateOnThe30th, earlyOnThe31st), policy(0, 0, 2, 0, 0, 0));
        List<Verdict> losAngeles = decide(
                List.of(lateOnThe30th, earlyOnThe31st),
                new RetentionPolicy(0, 0, 2, 0, 0, 0, LOS_ANGELES, 7, Duration.ZERO));

        assertThat(utc).extracting(Verdict::keep).containsExactly(true, false);
        assertThat(losAngeles).extracting(Verdict::keep).containsExactly(true, true);
    }

    @Test
    void shouldSayWhyEachStaysOrGoes() {
        Candidate old = proved("2026-01-02T02:00:00Z");
        Candidate pinned = new Candidate(
                UUID.randomUUID(),
                SOURCE,
                true,
                Instant.parse("2026-01-03T02:00:00Z"),
                "before the move",
                List.of("r1"));
        Candidate newest = proved("2026-03-31T02:00:00Z");

        List<Verdict> verdicts = decide(List.of(old, pinned, newest), policy(1, 7, 0, 0, 2, 0));

        assertThat(verdicts.get(0).reasons())
                .containsExactly("the newest proved one of its database", "last 1", "7 days", "monthly 2026-03");
        assertThat(verdicts.get(1).reasons())
                .containsExactly("pinned: before the move", "held by release r1", "monthly 2026-01");
        assertThat(verdicts.get(2).keep()).isFalse();
        assertThat(verdicts.get(2).reasons()).containsExactly("no rule keeps it: last 1, 7 days, monthly 2 (Z)");
    }

    @Test
    void shouldLetNoGoodBackupGoForSevenBadDays() {
        List<Candidate> backups = new ArrayList<>(daily("2026-03-01", "2026-03-20"));
        for (int day = 21; day <= 31; day++) {
            backups.add(failed("2026-03-%dT02:00:00Z".formatted(day)));
        }

        List<String> kept = keptDates(backups, RetentionPolicy.USUAL, NOW).stream()
                .filter(date -> date.compareTo("2026-03-20") <= 0)
                .toList();

        assertThat(kept).containsExactlyElementsOf(dates("2026-03-13", "2026-03-20"));
    }

    @Test
    void shouldLetNothingGoBecauseAClockRanAhead() {
        List<Candidate> backups = daily("2026-03-24", "2026-03-31");

        List<Verdict> verdicts =
                Retention.decide(backups, RetentionPolicy.USUAL, Instant.parse("2036-01-01T00:00:00Z"));

        assertThat(verdicts).allMatch(Verdict::keep);
    }

    @Test
    void shouldNotCountBackupsFromTheFutureNorRemoveThem() {
        List<Candidate> backups = new ArrayList<>(daily("2026-03-01", "2026-03-31"));
        backups.add(proved("2036-01-01T00:00:00Z"));

        List<Verdict> verdicts = decide(backups, policy(2, 0, 0, 0, 0, 0));

        assertThat(verdicts.getFirst().reasons()).containsExactly("from the future: some clock is wrong");
        assertThat(keptDates(backups, policy(2, 0, 0, 0, 0, 0), NOW))
                .containsExactly("2026-03-30", "2026-03-31", "2036-01-01");
    }

    @Test
    void shouldKeepFailedOnesByTheirOwnRuleAndNeverInTheNameOfProvedOnes() {
        List<Candidate> backups = List.of(
                proved("2026-03-01T02:00:00Z"),
                failed("2026-03-20T02:00:00Z"),
                failed("2026-03-24T12:00:01Z"),
                failed("2026-03-31T02:00:00Z"));

        List<String> kept = keptDates(backups, policy(1, 0, 1, 1, 1, 1), NOW);

        assertThat(kept).containsExactly("2026-03-01", "2026-03-24", "2026-03-31");
    }

    /// A manifest that is pointed at an empty database by mistake takes good backups of it every night.
    @Test
    void shouldKeepTheNewestOfADatabaseThatTheManifestNoLongerMeans() {
        Candidate real = proved("2026-02-01T02:00:00Z");
        List<Candidate> backups = new ArrayList<>(List.of(real));
        for (int day = 1; day <= 31; day++) {
            backups.add(new Candidate(
                    UUID.randomUUID(),
                    "postgresql://db:5432/empty",
                    true,
                    Instant.parse("2026-03-%02dT02:00:00Z".formatted(day)),
                    null,
                    List.of()));
        }

        assertThat(decide(backups, RetentionPolicy.USUAL).stream()
                        .filter(Verdict::keep)
                        .map(Verdict::backup))
                .contains(real)
                .hasSize(9);
    }

    @Test
    void shouldKeepNothingOfNothing() {
        assertThat(decide(List.of(), RetentionPolicy.USUAL)).isEmpty();
    }

    /// Whatever there is and whatever the policy: the promises hold.
    @Test
    void shouldKeepItsPromisesWhateverThereIs() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            List<Candidate> backups = some(random);
            RetentionPolicy policy = somePolicy(random);
            Instant now = NOW.plus(Duration.ofDays(random.nextInt(800) - 400));

            List<Verdict> verdicts = Retention.decide(backups, policy, now);

            promises(seed, backups, policy, now, verdicts);
        }
    }

    private static void promises(
            int seed, List<Candidate> backups, RetentionPolicy policy, Instant now, List<Verdict> verdicts) {
        List<Candidate> kept =
                verdicts.stream().filter(Verdict::keep).map(Verdict::backup).toList();
        List<Candidate> going = verdicts.stream()
                .filter(verdict -> !verdict.keep())
                .map(Verdict::backup)
                .toList();
        List<Candidate> proved = backups.stream()
                .filter(backup -> backup.proved() && !backup.at().isAfter(now))
                .toList();
        holds(seed, verdicts.size() == backups.size(), "each has a verdict");
        holds(seed, verdicts.stream().noneMatch(verdict -> verdict.reasons().isEmpty()), "each has a reason");
        holds(
                seed,
                going.stream().noneMatch(it -> it.pin() != null || !it.holds().isEmpty()),
                "what is pinned or held stays");
        proved.stream()
                .max((a, b) -> a.at().compareTo(b.at()))
                .ifPresent(newest -> holds(seed, kept.contains(newest), "the newest proved one stays"));
        long keptProved = kept.stream().filter(proved::contains).count();
        holds(seed, keptProved >= Math.min(policy.last(), proved.size()), "at least the last ones stay");
        dates(seed, proved, kept, policy.daily(), day -> day, policy, "daily");
        dates(
                seed,
                proved,
                kept,
                policy.weekly(),
                day -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)),
                policy,
                "weekly");
        dates(seed, proved, kept, policy.monthly(), YearMonth::from, policy, "monthly");
        // Failing more changes nothing for those that were proved.
        List<Candidate> withoutFailed =
                backups.stream().filter(Candidate::proved).toList();
        List<Candidate> keptWithoutFailed = Retention.decide(withoutFailed, policy, now).stream()
                .filter(Verdict::keep)
                .map(Verdict::backup)
                .toList();
        holds(
                seed,
                keptWithoutFailed.equals(kept.stream().filter(Candidate::proved).toList()),
                "failed ones change nothing for proved ones");
        // Asking again of what stayed lets no more go.
        holds(seed, Retention.decide(kept, policy, now).stream().allMatch(Verdict::keep), "what stayed stays");
        // And time alone lets no proved one go.
        holds(
                seed,
                Retention.decide(kept, policy, now.plus(Duration.ofDays(3_000))).stream()
                        .filter(verdict -> proved.contains(verdict.backup()))
                        .allMatch(verdict -> verdict.keep() || future(backups, now)),
                "time alone lets no proved one go");
    }

    private static boolean future(List<Candidate> backups, Instant now) {
        return backups.stream().anyMatch(backup -> backup.at().isAfter(now));
    }

    private static <P extends Comparable<? super P>> void dates(
            int seed,
            List<Candidate> proved,
            List<Candidate> kept,
            int number,
            Function<LocalDate, P> period,
            RetentionPolicy policy,
            String rule) {
        Function<Candidate, P> of = backup -> period.apply(LocalDate.ofInstant(backup.at(), policy.zone()));
        List<P> wanted = proved.stream()
                .map(of)
                .distinct()
                .sorted((a, b) -> b.compareTo(a))
                .limit(number)
                .toList();
        holds(
                seed,
                kept.stream()
                        .filter(proved::contains)
                        .map(of)
                        .collect(Collectors.toSet())
                        .containsAll(wanted),
                rule);
    }

    private static void holds(int seed, boolean promise, String what) {
        if (!promise) {
            fail("seed %d: %s", seed, what);
        }
    }

    private static List<Candidate> some(Random random) {
        return IntStream.range(0, random.nextInt(60))
                .mapToObj(_ -> new Candidate(
                        new UUID(random.nextLong(), random.nextLong()),
                        random.nextInt(20) == 0 ? "elsewhere" : SOURCE,
                        random.nextInt(4) > 0,
                        NOW.minusSeconds(random.nextLong(86_400L * 365 * 3)),
                        random.nextInt(25) == 0 ? "pinned" : null,
                        random.nextInt(25) == 0 ? List.of("release") : List.of()))
                .toList();
    }

    private static RetentionPolicy somePolicy(Random random) {
        return new RetentionPolicy(
                1 + random.nextInt(5),
                random.nextInt(60),
                random.nextInt(10),
                random.nextInt(8),
                random.nextInt(14),
                random.nextInt(4),
                random.nextBoolean() ? LOS_ANGELES : ZoneOffset.UTC,
                random.nextInt(30),
                Duration.ZERO);
    }

    private static RetentionPolicy policy(int last, int days, int daily, int weekly, int monthly, int yearly) {
        return new RetentionPolicy(last, days, daily, weekly, monthly, yearly, ZoneOffset.UTC, 7, Duration.ZERO);
    }

    private static List<Verdict> decide(List<Candidate> backups, RetentionPolicy policy) {
        return Retention.decide(backups, policy, NOW);
    }

    private static List<String> keptDates(List<Candidate> backups, RetentionPolicy policy, Instant now) {
        return Retention.decide(backups, policy, now).stream()
                .filter(Verdict::keep)
                .map(verdict -> verdict.backup().at().toString().substring(0, 10))
                .sorted()
                .toList();
    }

    private static List<String> dates(String first, String last) {
        return LocalDate.parse(first)
                .datesUntil(LocalDate.parse(last).plusDays(1))
                .map(LocalDate::toString)
                .toList();
    }

    private static List<Candidate> daily(String first, String last) {
        return dates(first, last).stream()
                .map(date -> proved(LocalDate.parse(date)
                        .atTime(LocalTime.of(2, 0))
                        .toInstant(ZoneOffset.UTC)
                        .toString()))
                .toList();
    }

    private static Candidate proved(String at) {
        return new Candidate(UUID.randomUUID(), SOURCE, true, Instant.parse(at), null, List.of());
    }

    private static Candidate failed(String at) {
        return new Candidate(UUID.randomUUID(), SOURCE, false, Instant.parse(at), null, List.of());
    }
}
