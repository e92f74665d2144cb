package dev.slipway.backup.retention;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// What is kept of a database. A proved backup stays when one of the rules wants it.
///
/// @param last the newest ones, as many as this
/// @param days those of the days before the newest one
/// @param daily the newest one of each of so many dates that have any; `weekly` of ISO weeks, `monthly`, `yearly`
/// @param zone whose dates are meant
/// @param failedDays how long what failed stays, for somebody to look at
/// @param releases for how long after its end a release keeps what it relied on
public record RetentionPolicy(
        int last,
        int days,
        int daily,
        int weekly,
        int monthly,
        int yearly,
        ZoneId zone,
        int failedDays,
        Duration releases) {
    /// A week.
    public static final RetentionPolicy USUAL =
            new RetentionPolicy(0, 7, 0, 0, 0, 0, ZoneOffset.UTC, 7, Duration.ofDays(7));

    public RetentionPolicy {
        requireNonNull(zone, "zone");
        if (last < 0 || days < 0 || daily < 0 || weekly < 0 || monthly < 0 || yearly < 0 || failedDays < 0) {
            throw new IllegalArgumentException("what is kept is counted from 0");
        }
        if (releases.isNegative()) {
            throw new IllegalArgumentException("releases must not be negative: " + releases);
        }
        if (last + days + daily + weekly + monthly + yearly == 0) {
            throw new IllegalArgumentException(
                    "keeps nothing: give 'last', 'days', 'daily', 'weekly', 'monthly' or 'yearly'");
        }
    }

    /// For people: `7 days, weekly 4, monthly 12 (Europe/Berlin)`.
    public String words() {
        List<String> rules = new ArrayList<>();
        add(rules, last, "last " + last);
        add(rules, days, days + " days");
        add(rules, daily, "daily " + daily);
        add(rules, weekly, "weekly " + weekly);
        add(rules, monthly, "monthly " + monthly);
        add(rules, yearly, "yearly " + yearly);
        return "%s (%s)".formatted(String.join(", ", rules), zone.getId());
    }

    private static void add(List<String> rules, int number, String rule) {
        if (number > 0) {
            rules.add(rule);
        }
    }
}
