package dev.slipway.web;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The roles a token can have, and what each of them includes.
final class Roles {
    static final String VIEWER = "viewer";
    static final String OPERATOR = "operator";
    static final String ADMIN = "admin";
    static final String CI = "ci";
    static final String APPROVER = "approver";
    static final String APPROVER_OF = "approver:";

    private static final Pattern APPROVER_ROLE = Pattern.compile("approver:[a-z][a-z0-9-]*");

    private Roles() {}

    /// @throws IllegalArgumentException when there is no such role
    static Set<String> expand(Collection<String> given) {
        Set<String> all = new TreeSet<>();
        given.forEach(role -> expand(role, all));
        return all;
    }

    private static void expand(String role, Set<String> all) {
        all.add(role);
        switch (role) {
            case ADMIN -> expand(OPERATOR, all);
            case OPERATOR -> all.add(VIEWER);
            case VIEWER, CI -> {}
            default -> {
                if (!APPROVER_ROLE.matcher(role).matches()) {
                    throw new IllegalArgumentException(
                            "there is no role '%s': viewer, operator, admin, ci or approver:<role>".formatted(role));
                }
                all.add(APPROVER);
                all.add(VIEWER);
            }
        }
    }
}
