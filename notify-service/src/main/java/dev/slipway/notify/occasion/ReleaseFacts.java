package dev.slipway.notify.occasion;

import dev.slipway.events.ReleaseRef;
import dev.slipway.notify.wording.Facts;
import dev.slipway.notify.wording.Text;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The facts every message about a release carries.
final class ReleaseFacts {
    private ReleaseFacts() {}

    static Facts of(ReleaseRef release) {
        String place = Occasion.Subject.of(release).place();
        String version = Text.version(release.version());
        String number = release.number() == null ? "" : "v" + release.number();
        String kind = release.kind().equals("normal") ? "" : release.kind();
        Facts facts = Facts.about(release.application())
                .about(place, release.application() + " " + (number.isEmpty() ? version : number), version)
                .with("Application", release.application())
                .with("Environment", place)
                .with("Release", number)
                .with("Kind", kind)
                .with("Version", version);
        return release.version().equals(release.commit())
                ? facts
                : facts.with("Commit", Text.version(release.commit()));
    }

    /// Adds what somebody asked to be told. `reason`, `state`, `current` and `by` are what templates speak of;
    /// everything else becomes a line of its own: `expectedDowntime: PT30S` reads "Expected downtime: 30 s".
    static Facts withDetails(Facts facts, Map<String, String> details) {
        Facts all = facts;
        for (Map.Entry<String, String> detail : new TreeMap<>(details).entrySet()) {
            String value = detail.getValue();
            all = switch (detail.getKey()) {
                case "reason" -> all.because(value);
                case "state" -> all.standing(value);
                case "current" -> all.serving(value.equals("none") ? "" : Text.version(value));
                case "by" -> all.by(value);
                default -> all.with(label(detail.getKey()), readable(value));
            };
        }
        return all;
    }

    /// `expectedDowntime` → `Expected downtime`.
    private static String label(String name) {
        if (name.isBlank()) {
            return "Detail";
        }
        String words =
                name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").replace('-', ' ').toLowerCase(Locale.ROOT);
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static String readable(String value) {
        try {
            return value.startsWith("P") ? Text.duration(Duration.parse(value)) : value;
        } catch (DateTimeException _) {
            return value;
        }
    }
}
