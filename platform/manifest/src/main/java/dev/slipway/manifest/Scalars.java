package dev.slipway.manifest;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.math.BigDecimal;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What single values may look like. Every method refuses with a sentence that follows the value's place: "must be
/// …".
final class Scalars {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    private static final ZonedDateTime SOME_DAY = ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    private Scalars() {}

    static String name(String text) {
        if (text.length() > 63 || !NAME.matcher(text).matches()) {
            throw refused("a name of lower-case letters, digits and single hyphens, at most 63", text);
        }
        return text;
    }

    static int integer(String text, int min, int max) {
        if (INTEGER.matcher(text).matches()) {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return (int) value;
            }
        }
        throw refused(
                "a whole number " + range(Integer.toString(min), Integer.toString(max), max == Integer.MAX_VALUE),
                text);
    }

    static double number(String text, double min, double max) {
        if (NUMBER.matcher(text).matches()) {
            double value = Double.parseDouble(text);
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw refused("a number " + range(plain(min), plain(max), max == Double.MAX_VALUE), text);
    }

    /// 0.000001, not 1.0E-6.
    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static String range(String min, String max, boolean open) {
        return open ? "of at least " + min : "from %s to %s".formatted(min, max);
    }

    static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused("true or false", text);
        };
    }

    static Duration duration(String text) {
        try {
            Duration duration = Duration.parse(text);
            if (duration.isPositive()) {
                return duration;
            }
        } catch (DateTimeException _) {
            // said below
        }
        throw refused("an ISO 8601 duration above zero such as PT30S, PT10M or P1D", text);
    }

    static ZoneId zone(String text) {
        if (text.equals("UTC")
                || (text.contains("/") && ZoneId.getAvailableZoneIds().contains(text))) {
            return ZoneId.of(text);
        }
        throw refused("an IANA time zone such as Europe/Berlin, or UTC", text);
    }

    /// Five fields; something that never comes due is refused too.
    static String cron(String text) {
        String why;
        try {
            Cron cron = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(text);
            cron.validate();
            if (ExecutionTime.forCron(cron).nextExecution(SOME_DAY).isPresent()) {
                return text;
            }
            why = "this never comes due";
        } catch (IllegalArgumentException e) {
            why = String.valueOf(e.getMessage()).replace("Failed to parse cron expression. ", "");
        }
        throw new IllegalArgumentException(
                "must be a cron expression of five fields (minute hour day month weekday), not '%s': %s"
                        .formatted(text, why));
    }

    static String url(String text) {
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
                return text;
            }
        } catch (IllegalArgumentException _) {
            // said below
        }
        throw refused("a URL that starts with http:// or https:// and names a host", text);
    }

    static String oneOf(String text, Collection<String> allowed) {
        if (allowed.contains(text)) {
            return text;
        }
        throw new IllegalArgumentException("must be one of %s, not '%s'%s"
                .formatted(String.join(", ", allowed), text, Suggestion.among(allowed, text)));
    }

    static <E extends Enum<E>> E oneOf(String text, Class<E> type) {
        E[] constants = type.getEnumConstants();
        List<String> labels = Stream.of(constants).map(Scalars::label).toList();
        return constants[labels.indexOf(oneOf(text, labels))];
    }

    /// How a constant is written in a manifest: `LOG_ONLY` is `log-only`.
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static IllegalArgumentException refused(String wanted, String text) {
        return new Refused(wanted, text);
    }

    /// Says what was wanted apart from what was found, which may be a secret.
    static final class Refused extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;
        private final String wanted;

        private Refused(String wanted, String text) {
            super("must be %s, not '%s'".formatted(wanted, text));
            this.wanted = wanted;
        }

        /// The same without the value.
        IllegalArgumentException of(String reference) {
            return new IllegalArgumentException("must be %s; what %s leads to is not".formatted(wanted, reference));
        }
    }
}
