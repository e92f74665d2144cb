package dev.slipway.web;

import java.util.Collection;
import java.util.Set;

/// Who calls. Injectable in resources, one per request; on an endpoint that is open to all it is [#NOBODY] unless the
/// caller showed a valid token.
public interface Caller {
    /// Calls without a token.
    Caller NOBODY = of("anonymous", "", Set.of(), Set.of());

    /// The token's name, for the records: `mara-laptop`.
    String name();

    /// The person behind the token: `mara`; two tokens of one person have the same. Empty for [#NOBODY].
    String person();

    /// Everything the caller may be: the roles that the token was given and those they include.
    Set<String> roles();

    /// What the person is called elsewhere: `github:mara-k`, `slack:U024`.
    Set<String> aliases();

    /// Whether the caller's approval counts for a role such as `technical-lead`; no other role includes it.
    default boolean approves(String role) {
        return roles().contains(Roles.APPROVER_OF + role);
    }

    /// A caller who was given these roles, and with them what they include.
    ///
    /// @throws IllegalArgumentException when there is no such role
    static Caller granted(String name, String person, Collection<String> roles, Set<String> aliases) {
        return of(name, person, Roles.expand(roles), aliases);
    }

    /// A caller made by hand.
    static Caller of(String name, String person, Set<String> roles, Set<String> aliases) {
        return new Known(name, person, Set.copyOf(roles), Set.copyOf(aliases));
    }

    /// A caller as a value.
    record Known(String name, String person, Set<String> roles, Set<String> aliases) implements Caller {}
}
