package dev.slipway.deploy.manifest;

import java.util.Comparator;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Resolves the references in a manifest's texts for one piece of work, and remembers the values, so that whatever
/// comes back from outside can be masked before anybody keeps or shows it. Lives as long as the work: it is the only
/// thing that knows the values. Safe for use by several threads.
public final class Secrets {
    /// What a masked value is replaced by.
    public static final String MASK = "***";

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}:]*:[^}]*}");

    /// Shorter values hide nothing and would blot out half of every line.
    private static final int SHORTEST = 4;

    private final UnaryOperator<String> references;
    private final TreeSet<String> values =
            new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /// @param references resolves one reference such as `${env:NAME}`; throws with the reference's name only
    public Secrets(UnaryOperator<String> references) {
        this.references = references;
    }

    /// The text with every reference replaced by its value; placeholders without a colon stay as they are.
    public String resolve(String text) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            String value = references.apply(match.group());
            remember(value);
            return Matcher.quoteReplacement(value);
        });
    }

    /// Masks a value from now on that came from elsewhere than a reference, such as a token out of an answer.
    public void remember(String value) {
        synchronized (values) {
            value.lines()
                    .map(String::strip)
                    .filter(line -> line.length() >= SHORTEST)
                    .forEach(values::add);
        }
    }

    /// The text with every remembered value replaced by [#MASK], longer ones first.
    public String mask(String text) {
        synchronized (values) {
            String masked = text;
            for (String value : values) {
                masked = masked.replace(value, MASK);
            }
            return masked;
        }
    }
}
