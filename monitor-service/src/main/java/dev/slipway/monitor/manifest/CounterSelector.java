package dev.slipway.monitor.manifest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/// Which counters of a metrics page count, and for which version.
///
/// Each label must match its expression as a whole (`5..` is every status from 500 to 599). Exactly one of them
/// holds `${version}`, which stands for any text: what it matched is the version the counter belongs to. So one
/// page gives the counters of every version on it, also of those nobody has heard of yet.
public final class CounterSelector {
    private static final String PLACEHOLDER = "${version}";
    private static final String GROUP = "version";

    private final String name;
    private final Map<String, Pattern> labels;

    private CounterSelector(String name, Map<String, Pattern> labels) {
        this.name = name;
        this.labels = labels;
    }

    /// @param name the metric's name
    /// @param labels regular expression for each label that must fit; a label that a counter lacks is the empty
    ///     text
    /// @throws IllegalArgumentException when an expression is none, or not exactly one label holds `${version}`
    public static CounterSelector of(String name, Map<String, String> labels) {
        long placeholders = labels.values().stream()
                .filter(text -> text.contains(PLACEHOLDER))
                .count();
        if (placeholders != 1) {
            throw new IllegalArgumentException(
                    "exactly one label must hold %s, not %d of them".formatted(PLACEHOLDER, placeholders));
        }
        Map<String, Pattern> patterns = new LinkedHashMap<>();
        labels.forEach((label, text) -> patterns.put(label, pattern(label, text)));
        return new CounterSelector(name, patterns);
    }

    private static Pattern pattern(String label, String text) {
        try {
            // A second placeholder in the same label fails here: a group cannot be named twice.
            return Pattern.compile(text.replace(PLACEHOLDER, "(?<" + GROUP + ">.+)"));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "label '%s' is no regular expression: %s".formatted(label, e.getDescription()), e);
        }
    }

    /// The metric's name.
    public String name() {
        return name;
    }

    /// The version a counter counts for; empty when it is none of those selected.
    public Optional<String> version(String counter, Map<String, String> has) {
        if (!counter.equals(name)) {
            return Optional.empty();
        }
        String version = null;
        for (Map.Entry<String, Pattern> label : labels.entrySet()) {
            Matcher matcher = label.getValue().matcher(has.getOrDefault(label.getKey(), ""));
            if (!matcher.matches()) {
                return Optional.empty();
            }
            if (label.getValue().namedGroups().containsKey(GROUP)) {
                version = matcher.group(GROUP);
            }
        }
        return Optional.ofNullable(version);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CounterSelector that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /// As a query for the metrics would write it.
    @Override
    public String toString() {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=~\"" + label.getValue() + "\"")
                .collect(Collectors.joining(",", name + "{", "}"));
    }
}
