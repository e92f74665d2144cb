package dev.slipway.deploy.access;

import dev.slipway.web.Caller;
import dev.slipway.web.Fault;
import dev.slipway.web.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What somebody asks for who wants a token.
///
/// @param name of the token, for records: `mara-laptop`
/// @param person behind it; the token's name when absent
/// @param aliases what the person is called elsewhere: `github:mara-k`, `email:mara@example.org`, `slack:U024`
/// @param lifetime after it the token expires; a setting says how long it is when absent, and how long it may be
record TokenWish(
        @Nullable String name,
        @Nullable List<String> roles,
        @Nullable String person,
        @Nullable List<String> aliases,
        @Nullable Duration lifetime) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final Pattern PERSON = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} .'@_-]{0,99}");
    private static final Pattern ALIAS = Pattern.compile("(github|gitlab|email|slack):[^\\s,:]{1,254}");
    private static final int MOST_ALIASES = 20;

    /// A wish that can be granted.
    record Checked(String name, List<String> roles, String person, List<String> aliases, Duration lifetime) {}

    /// @param usual how long a token lives when nobody says otherwise
    /// @throws Problem 422 with every fault
    Checked check(Duration usual, Duration longest) {
        List<Fault> faults = new ArrayList<>();
        if (name == null || !NAME.matcher(name).matches()) {
            faults.add(Fault.at("name", "must have 1 to 63 of a-z, 0-9, '.', '_' and '-', a letter or digit first"));
        }
        String who = person == null ? String.valueOf(name) : person.strip();
        if (!PERSON.matcher(who).matches()) {
            faults.add(Fault.at("person", "must be a name of 1 to 100 letters, digits, spaces and .'@_-"));
        }
        List<String> given = checkRoles(faults);
        List<String> known = checkAliases(faults);
        Duration life = lifetime == null ? usual : lifetime;
        if (life.compareTo(Duration.ofMinutes(1)) < 0 || life.compareTo(longest) > 0) {
            faults.add(Fault.at("lifetime", "must be from PT1M to %s".formatted(longest)));
        }
        if (!faults.isEmpty()) {
            throw Problem.unprocessable("No such token can be issued.", faults);
        }
        return new Checked(name, given, who, known, Duration.ofSeconds(life.toSeconds()));
    }

    private List<String> checkRoles(List<Fault> faults) {
        if (roles == null || roles.isEmpty()) {
            faults.add(Fault.at("roles", "must name at least one role"));
            return List.of();
        }
        for (int i = 0; i < roles.size(); i++) {
            try {
                Caller.granted("", "", List.of(String.valueOf(roles.get(i))), Set.of());
            } catch (IllegalArgumentException e) {
                faults.add(Fault.at("roles[%d]".formatted(i), e.getMessage()));
            }
        }
        return faults.isEmpty() ? List.copyOf(new TreeSet<>(roles)) : List.of();
    }

    private List<String> checkAliases(List<Fault> faults) {
        if (aliases == null) {
            return List.of();
        }
        if (aliases.size() > MOST_ALIASES) {
            faults.add(Fault.at("aliases", "must be at most %d".formatted(MOST_ALIASES)));
        }
        Set<String> known = new TreeSet<>();
        for (int i = 0; i < aliases.size(); i++) {
            String alias = String.valueOf(aliases.get(i)).strip();
            if (!ALIAS.matcher(alias).matches()) {
                faults.add(Fault.at(
                        "aliases[%d]".formatted(i), "must be github:, gitlab:, email: or slack: and the name there"));
            }
            // Only Slack's ids mind the case.
            known.add(alias.startsWith("slack:") ? alias : alias.toLowerCase(Locale.ROOT));
        }
        return List.copyOf(known);
    }
}
