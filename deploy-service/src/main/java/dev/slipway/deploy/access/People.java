package dev.slipway.deploy.access;

import dev.slipway.web.AccessConfig;
import dev.slipway.web.Caller;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// Who is who. A person is the same by whatever token they come: all names count that any of their tokens has or ever
/// had, issued here or configured, and all that an issuer said of them when they called. Case counts for none of them.
@Singleton
public final class People {
    private static final int MOST_REMEMBERED = 10_000;

    private final List<Known> configured;
    private final Set<Known> remembered = new HashSet<>();

    /// A person by one of the tokens in the configuration.
    public record Known(String person, String token, Set<String> aliases) {}

    @Inject
    People(AccessConfig config) {
        this(config.tokens().stream()
                .map(token -> new Known(
                        token.person().orElse(token.name()),
                        token.name(),
                        token.aliases().orElse(Set.of())))
                .toList());
    }

    public People(List<Known> configured) {
        this.configured = List.copyOf(configured);
    }

    /// Everything the caller is called, here and elsewhere.
    public Set<String> namesOf(Handle tx, Caller caller) {
        Set<String> names = new HashSet<>(namesOf(tx, caller.person()));
        names.addAll(lower(List.of(caller.name(), caller.person())));
        names.addAll(lower(caller.aliases()));
        return names;
    }

    private Set<String> namesOf(Handle tx, String person) {
        Set<String> names = new HashSet<>(lower(
                tx.createQuery("""
                        select name from access_token where lower(person) = lower(:person)
                        union select unnest(aliases) from access_token where lower(person) = lower(:person)
                        union select alias from person_alias where person = lower(:person)""").bind("person", person).mapTo(String.class).list()));
        for (Known known : configured) {
            if (known.person().equalsIgnoreCase(person)) {
                names.addAll(lower(List.of(known.token())));
                names.addAll(lower(known.aliases()));
            }
        }
        names.addAll(lower(List.of(person)));
        return names;
    }

    /// Whether the caller is one of those: `github:mara-k`, `email:mara@example.org`, or a bare name, which may be a
    /// login as well as a person here.
    public boolean isOneOf(Handle tx, Caller caller, Collection<String> others) {
        Set<String> names = namesOf(tx, caller);
        return lower(others).stream()
                .flatMap(other -> other.contains(":")
                        ? Stream.of(other, other.substring(other.indexOf(':') + 1))
                        : Stream.of(other, "github:" + other))
                .anyMatch(names::contains);
    }

    /// Whether the caller is this person, known here under another name perhaps.
    public boolean isSame(Handle tx, Caller caller, String person) {
        Set<String> names = namesOf(tx, caller);
        return namesOf(tx, person).stream().anyMatch(names::contains);
    }

    /// Keeps what a caller is called, for when they come by another token.
    void remember(Handle tx, Caller caller) {
        for (String alias : lower(caller.aliases())) {
            tx.createUpdate(
                            "insert into person_alias (person, alias) values (lower(:person), :alias) on conflict do nothing")
                    .bind("person", caller.person())
                    .bind("alias", alias)
                    .execute();
        }
        noted(caller);
    }

    /// Whether there is something to [#remember]. No look at the database: most callers came before.
    synchronized boolean isNew(Caller caller) {
        return !caller.aliases().isEmpty() && !remembered.contains(known(caller));
    }

    private synchronized void noted(Caller caller) {
        if (remembered.size() < MOST_REMEMBERED) {
            remembered.add(known(caller));
        }
    }

    private static Known known(Caller caller) {
        return new Known(caller.person(), "", Set.copyOf(caller.aliases()));
    }

    private static Set<String> lower(Collection<String> names) {
        Set<String> lower = new HashSet<>();
        names.stream().filter(name -> !name.isBlank()).forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return lower;
    }
}
