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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// Who is who. A person is the same by whatever token they come: all names count that any of their tokens has or ever
/// had, issued here or configured, and all that an issuer said of them when they called. Persons who share an alias are
/// one. Case counts for none of them.
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
        Set<String> said = new HashSet<>(caller.aliases());
        said.add(caller.name());
        return namesOf(tx, caller.person(), lower(said));
    }

    /// Two persons who share an alias are one: their tokens need not all have the same name for them.
    private Set<String> namesOf(Handle tx, String person, Set<String> said) {
        Set<String> names = new HashSet<>(said);
        Set<String> persons = new HashSet<>();
        Set<String> next = lower(List.of(person));
        while (persons.addAll(next)) {
            names.addAll(persons);
            names.addAll(tokensAndAliasesOf(tx, persons));
            next = personsCalled(tx, names);
        }
        return names;
    }

    private Set<String> tokensAndAliasesOf(Handle tx, Set<String> persons) {
        Set<String> names = new HashSet<>(tx.createQuery("""
                        select name from access_token where lower(person) = any(:persons)
                        union select unnest(aliases) from access_token where lower(person) = any(:persons)
                        union select alias from person_alias where person = any(:persons)""")
                .bindArray("persons", String.class, persons)
                .mapTo(String.class)
                .list());
        for (Known known : configured) {
            if (persons.contains(known.person().toLowerCase(Locale.ROOT))) {
                names.add(known.token());
                names.addAll(known.aliases());
            }
        }
        return lower(names);
    }

    private Set<String> personsCalled(Handle tx, Set<String> names) {
        Set<String> aliases = names.stream().filter(name -> name.contains(":")).collect(Collectors.toSet());
        Set<String> persons = new HashSet<>(tx.createQuery("""
                        select person from access_token
                        where exists (select from unnest(aliases) alias where lower(alias) = any(:aliases))
                        union select person from person_alias where alias = any(:aliases)""")
                .bindArray("aliases", String.class, aliases)
                .mapTo(String.class)
                .list());
        for (Known known : configured) {
            if (lower(known.aliases()).stream().anyMatch(aliases::contains)) {
                persons.add(known.person());
            }
        }
        return lower(persons);
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
        return namesOf(tx, person, Set.of()).stream().anyMatch(names::contains);
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
