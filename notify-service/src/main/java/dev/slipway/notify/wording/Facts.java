package dev.slipway.notify.wording;

import java.util.ArrayList;
import java.util.List;

/// What a notice tells, the same for every channel: the one thing templates see. A text that is not known is empty.
///
/// @param application `shop`
/// @param place where, for people: `production`; empty when it is about no environment
/// @param name what, for people: `shop v7`, or `shop 9f8e7d6c5b4a` while there is no number
/// @param version as people recognise it, a commit shortened
/// @param reason why, in words
/// @param state how things stand now, in words
/// @param current the version that serves now
/// @param by who did or asked
/// @param steps what comes next or can be chosen, in order
/// @param lines further facts, in order
public record Facts(
        String application,
        String place,
        String name,
        String version,
        String reason,
        String state,
        String current,
        String by,
        List<String> steps,
        List<Line> lines) {
    public Facts {
        application = Text.clean(application);
        place = Text.clean(place);
        name = Text.clean(name);
        version = Text.clean(version);
        reason = Text.clean(reason);
        state = Text.clean(state);
        current = Text.clean(current);
        by = Text.clean(by);
        steps = steps.stream().map(Text::clean).toList();
        lines = List.copyOf(lines);
    }

    /// One further fact: `Downtime`, `4 s`.
    public record Line(String label, String value) {
        public Line {
            label = Text.oneLine(label);
            value = Text.clean(value);
        }
    }

    /// Facts about an application as a whole.
    public static Facts about(String application) {
        return new Facts(application, "", application, "", "", "", "", "", List.of(), List.of());
    }

    /// The same about one version in one place.
    public Facts about(String place, String name, String version) {
        return new Facts(application, place, name, version, reason, state, current, by, steps, lines);
    }

    public Facts because(String why) {
        return new Facts(application, place, name, version, why, state, current, by, steps, lines);
    }

    public Facts standing(String how) {
        return new Facts(application, place, name, version, reason, how, current, by, steps, lines);
    }

    public Facts serving(String versionNow) {
        return new Facts(application, place, name, version, reason, state, versionNow, by, steps, lines);
    }

    public Facts by(String who) {
        return new Facts(application, place, name, version, reason, state, current, who, steps, lines);
    }

    public Facts next(List<String> what) {
        return new Facts(application, place, name, version, reason, state, current, by, what, lines);
    }

    /// One more line; nothing when the value is empty.
    public Facts with(String label, String value) {
        if (value.isBlank()) {
            return this;
        }
        List<Line> more = new ArrayList<>(lines);
        more.add(new Line(label, value));
        return new Facts(application, place, name, version, reason, state, current, by, steps, more);
    }
}
