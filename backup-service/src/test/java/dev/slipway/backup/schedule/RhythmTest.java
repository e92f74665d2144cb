package dev.slipway.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RhythmTest {
    @Test
    void shouldComeOnTheDaysOfTheWeekOnly() {
        Rhythm rhythm = Rhythm.daily(LocalTime.of(2, 0), List.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY));

        LocalDateTime friday = rhythm.after(LocalDateTime.parse("2026-03-02T02:00"));
        LocalDateTime monday = rhythm.after(friday);

        assertThat(friday).isEqualTo("2026-03-06T02:00");
        assertThat(monday).isEqualTo("2026-03-09T02:00");
    }

    @Test
    void shouldWaitYearsForALeapDay() {
        assertThat(Rhythm.cron("0 0 29 2 *").after(LocalDateTime.parse("2024-02-29T00:00")))
                .isEqualTo("2028-02-29T00:00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0 2 * *", "60 2 * * *", "0 2 30 2 *", "0 0 2 * * *", "nonsense", "@daily please"})
    void shouldRefuseWhatIsNoExpressionOrNeverComesDue(String expression) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rhythm.cron(expression))
                .withMessageContaining("must be a cron expression of five fields");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2:00", "24:00", "02:60", "02:00:00", "2am", ""})
    void shouldRefuseWhatIsNoTimeOfDay(String time) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rhythm.time(time))
                .withMessage("must be a time of day such as 02:00, not '%s'".formatted(time));
    }

    /// The library against a second reading of the five fields that only counts.
    @Test
    void shouldMatchFieldsAsTheyAreWritten() {
        Random random = new Random(20261121);
        int compared = 0;
        for (int tries = 0; tries < 3_000; tries++) {
            List<String> fields = List.of(
                    field(random, 0, 59),
                    field(random, 0, 23),
                    field(random, 1, 31),
                    field(random, 1, 12),
                    field(random, 0, 7));
            LocalDateTime from = LocalDateTime.parse("2024-01-01T00:00").plusSeconds(random.nextInt(86_400 * 365 * 4));
            Optional<LocalDateTime> counted = counted(fields, from);
            if (counted.isPresent()) {
                String expression = String.join(" ", fields);
                assertThat(Rhythm.cron(expression).after(from))
                        .as("%s after %s", expression, from)
                        .isEqualTo(counted.get());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(2_900);
    }

    private static String field(Random random, int min, int max) {
        int one = min + random.nextInt(max - min + 1);
        int other = min + random.nextInt(max - min + 1);
        return switch (random.nextInt(6)) {
            case 0 -> Integer.toString(one);
            case 1 -> one == other ? Integer.toString(one) : Math.min(one, other) + "-" + Math.max(one, other);
            case 2 -> one + "," + other;
            case 3 -> "*/" + (2 + random.nextInt(Math.max(1, max / 2)));
            default -> "*";
        };
    }

    private static Optional<LocalDateTime> counted(List<String> fields, LocalDateTime from) {
        BitSet minutes = values(fields.get(0), 0, 59);
        BitSet hours = values(fields.get(1), 0, 23);
        BitSet days = values(fields.get(2), 1, 31);
        BitSet months = values(fields.get(3), 1, 12);
        BitSet weekdays = values(fields.get(4), 0, 7);
        weekdays.set(0, weekdays.get(0) || weekdays.get(7));
        boolean both = fields.get(2).equals("*") || fields.get(4).equals("*");
        LocalDate first = from.toLocalDate();
        return first.datesUntil(first.plusYears(9))
                .filter(date -> months.get(date.getMonthValue()))
                .filter(date -> {
                    boolean day = days.get(date.getDayOfMonth());
                    boolean weekday = weekdays.get(date.getDayOfWeek().getValue() % 7);
                    return both ? day && weekday : day || weekday;
                })
                .flatMap(date -> hours.stream()
                        .boxed()
                        .flatMap(hour -> minutes.stream().mapToObj(minute -> date.atTime(hour, minute))))
                .filter(time -> time.isAfter(from))
                .findFirst();
    }

    private static BitSet values(String field, int min, int max) {
        BitSet values = new BitSet();
        for (String part : field.split(",", -1)) {
            String[] range = part.split("/", -1);
            int step = range.length > 1 ? Integer.parseInt(range[1]) : 1;
            String[] ends = range[0].equals("*") ? new String[] {"" + min, "" + max} : range[0].split("-", -1);
            for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i += step) {
                values.set(i);
            }
        }
        return values;
    }
}
