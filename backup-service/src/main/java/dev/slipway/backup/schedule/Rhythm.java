package dev.slipway.backup.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When something is due, in dates and times as a wall shows them. No zone has a say here: [Timetable] brings it.
public sealed interface Rhythm {
    /// The first time after this one.
    LocalDateTime after(LocalDateTime time);

    /// At one time of day, on some days of the week.
    record Daily(LocalTime at, Set<DayOfWeek> days) implements Rhythm {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

        public Daily {
            if (days.isEmpty()) {
                throw new IllegalArgumentException("on at least one day of the week");
            }
            days = Collections.unmodifiableSet(EnumSet.copyOf(days));
        }

        @Override
        public LocalDateTime after(LocalDateTime time) {
            LocalDate day = time.toLocalDate();
            if (!day.atTime(at).isAfter(time)) {
                day = day.plusDays(1);
            }
            while (!days.contains(day.getDayOfWeek())) {
                day = day.plusDays(1);
            }
            return day.atTime(at);
        }

        /// `02:00`
        public String time() {
            return TIME.format(at);
        }

        /// The days in the order of the week, in lower case.
        public List<String> dayNames() {
            return days.stream().map(day -> day.name().toLowerCase(Locale.ROOT)).toList();
        }
    }

    /// By the five fields of a UNIX cron expression. Where both the day of the month and the weekday are restricted,
    /// either will do.
    record Fields(String expression) implements Rhythm {
        public Fields {
            next(expression, LocalDateTime.of(2024, 1, 1, 0, 0));
        }

        @Override
        public LocalDateTime after(LocalDateTime time) {
            return next(expression, time);
        }

        /// The library looks for matching fields only: in UTC, which has no gaps to fall into.
        private static LocalDateTime next(String expression, LocalDateTime time) {
            return execution(expression)
                    .nextExecution(time.atZone(ZoneOffset.UTC))
                    .map(ZonedDateTime::toLocalDateTime)
                    .orElseThrow(() -> refused(expression, "this never comes due"));
        }

        private static ExecutionTime execution(String expression) {
            try {
                Cron cron =
                        new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(expression);
                return ExecutionTime.forCron(cron.validate());
            } catch (IllegalArgumentException e) {
                throw refused(expression, String.valueOf(e.getMessage()));
            }
        }

        private static IllegalArgumentException refused(String expression, String why) {
            return new IllegalArgumentException(
                    "must be a cron expression of five fields (minute hour day month weekday), not '%s': %s"
                            .formatted(expression, why));
        }
    }

    /// At a time of day. @param days none means every day
    static Rhythm daily(LocalTime at, Collection<DayOfWeek> days) {
        if (Set.copyOf(days).size() < days.size()) {
            throw new IllegalArgumentException("names a day twice: " + days);
        }
        return new Daily(at, days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : EnumSet.copyOf(days));
    }

    /// A cron expression.
    ///
    /// @throws IllegalArgumentException with what would be right
    static Rhythm cron(String expression) {
        return new Fields(expression);
    }

    /// For people: `at 02:00 on monday, friday`, `by 0 2 * * *`.
    default String words() {
        return switch (this) {
            case Daily daily ->
                daily.days().size() == DayOfWeek.values().length
                        ? "every day at " + daily.time()
                        : "at %s on %s".formatted(daily.time(), String.join(", ", daily.dayNames()));
            case Fields fields -> "by " + fields.expression();
        };
    }

    /// A time of day as it is written, `02:00`. @throws IllegalArgumentException with what would be right
    static LocalTime time(String text) {
        try {
            return LocalTime.parse(text, Daily.TIME);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("must be a time of day such as 02:00, not '%s'".formatted(text), e);
        }
    }

    /// A day of the week in lower case. @throws IllegalArgumentException with what would be right
    static DayOfWeek day(String name) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (day.name().toLowerCase(Locale.ROOT).equals(name)) {
                return day;
            }
        }
        throw new IllegalArgumentException("must be a day of the week such as monday, not '%s'".formatted(name));
    }

    /// The days of a rhythm as they are stored: null for none.
    static @Nullable List<String> storedDays(Rhythm rhythm) {
        return rhythm instanceof Daily daily ? daily.dayNames() : null;
    }
}
