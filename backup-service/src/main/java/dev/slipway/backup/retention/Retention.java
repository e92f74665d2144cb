package dev.slipway.backup.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which backups of a database stay. Pure: the same question has the same answer, with its reasons.
///
/// Only proved backups are counted, and time alone lets none of them go: days are counted back from the newest proved
/// one, not from now. So neither a week of failures nor a clock that jumps ahead costs a good backup; it goes when
/// newer good ones took its place. The newest proved one of every source stays, and so does what is pinned or held.
public final class Retention {
    private static final Comparator<Candidate> NEWEST_FIRST =
            Comparator.comparing(Candidate::at).thenComparing(Candidate::id).reversed();

    private Retention() {}

    /// A backup that is over and not gone.
    ///
    /// @param source which database it is of, see the ledger
    /// @param proved whether anybody may rely on it
    /// @param at the moment it shows; of one that failed, when it did
    /// @param pin why somebody keeps it; null when nobody does
    /// @param holds the releases that rely on it
    public record Candidate(
            UUID id,
            String source,
            boolean proved,
            Instant at,
            @Nullable String pin,
            List<String> holds) {
        public Candidate {
            holds = List.copyOf(holds);
        }
    }

    /// @param reasons why it stays, every one; or why it goes
    public record Verdict(Candidate backup, boolean keep, List<String> reasons) {}

    /// The verdict of every backup, newest first.
    public static List<Verdict> decide(List<Candidate> backups, RetentionPolicy policy, Instant now) {
        List<Candidate> sorted = backups.stream().sorted(NEWEST_FIRST).toList();
        List<Candidate> proved = sorted.stream()
                .filter(Candidate::proved)
                .filter(it -> !it.at().isAfter(now))
                .toList();
        Map<UUID, List<String>> reasons = new HashMap<>();
        sorted.forEach(backup -> reasons.put(backup.id(), new ArrayList<>(always(backup, now))));
        newestOfEachSource(proved, reasons);
        count(proved, policy.last(), "last", reasons);
        days(proved, policy.days(), reasons);
        periods(proved, policy.daily(), "daily", policy, LocalDate::toString, reasons);
        periods(proved, policy.weekly(), "weekly", policy, Retention::week, reasons);
        periods(
                proved,
                policy.monthly(),
                "monthly",
                policy,
                day -> YearMonth.from(day).toString(),
                reasons);
        periods(proved, policy.yearly(), "yearly", policy, day -> Integer.toString(day.getYear()), reasons);
        failed(sorted, policy, now, reasons);
        return sorted.stream().map(backup -> verdict(backup, policy, reasons)).toList();
    }

    private static Verdict verdict(Candidate backup, RetentionPolicy policy, Map<UUID, List<String>> reasons) {
        List<String> keep = reasons.getOrDefault(backup.id(), List.of());
        if (!keep.isEmpty()) {
            return new Verdict(backup, true, List.copyOf(keep));
        }
        String why = backup.proved()
                ? "no rule keeps it: " + policy.words()
                : "failed more than %d days ago".formatted(policy.failedDays());
        return new Verdict(backup, false, List.of(why));
    }

    private static List<String> always(Candidate backup, Instant now) {
        List<String> reasons = new ArrayList<>();
        if (backup.pin() != null) {
            reasons.add("pinned: " + backup.pin());
        }
        backup.holds().forEach(release -> reasons.add("held by release " + release));
        if (backup.at().isAfter(now)) {
            reasons.add("from the future: some clock is wrong");
        }
        return reasons;
    }

    private static void newestOfEachSource(List<Candidate> proved, Map<UUID, List<String>> reasons) {
        Set<String> sources = new HashSet<>();
        proved.stream()
                .filter(backup -> sources.add(backup.source()))
                .forEach(backup -> reasons.get(backup.id()).add("the newest proved one of its database"));
    }

    private static void count(List<Candidate> proved, int number, String rule, Map<UUID, List<String>> reasons) {
        proved.stream().limit(number).forEach(backup -> reasons.get(backup.id()).add("%s %d".formatted(rule, number)));
    }

    private static void days(List<Candidate> proved, int days, Map<UUID, List<String>> reasons) {
        if (days > 0 && !proved.isEmpty()) {
            Instant from = proved.getFirst().at().minus(Duration.ofDays(days));
            proved.stream()
                    .filter(backup -> !backup.at().isBefore(from))
                    .forEach(backup -> reasons.get(backup.id()).add(days + " days"));
        }
    }

    private static void periods(
            List<Candidate> proved,
            int number,
            String rule,
            RetentionPolicy policy,
            Function<LocalDate, String> period,
            Map<UUID, List<String>> reasons) {
        Map<String, Candidate> newest = new LinkedHashMap<>();
        proved.forEach(
                backup -> newest.putIfAbsent(period.apply(LocalDate.ofInstant(backup.at(), policy.zone())), backup));
        newest.entrySet().stream()
                .limit(number)
                .forEach(entry -> reasons.get(entry.getValue().id()).add("%s %s".formatted(rule, entry.getKey())));
    }

    private static String week(LocalDate day) {
        return "%d-W%02d".formatted(day.get(IsoFields.WEEK_BASED_YEAR), day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
    }

    private static void failed(
            List<Candidate> sorted, RetentionPolicy policy, Instant now, Map<UUID, List<String>> reasons) {
        Instant from = now.minus(Duration.ofDays(policy.failedDays()));
        sorted.stream()
                .filter(backup -> !backup.proved() && backup.at().isAfter(from))
                .forEach(backup ->
                        reasons.get(backup.id()).add("failed less than %d days ago".formatted(policy.failedDays())));
    }
}
