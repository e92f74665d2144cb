package dev.slipway.deploy.webhook;

import dev.slipway.deploy.webhook.GitHubPayload.Actor;
import dev.slipway.deploy.webhook.GitHubPayload.HeadCommit;
import dev.slipway.deploy.webhook.GitHubPayload.Person;
import dev.slipway.deploy.webhook.GitHubPayload.Run;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everybody who had a part in a run, as aliases spell it: who pushed, who ran it again, and those who wrote, committed
/// or, by a trailer `Co-authored-by`, wrote with them the commit it tested.
///
/// GitHub writes for people who hide their address `7+mara-k@users.noreply.github.com`: that is a login.
final class GitHubPeople {
    /// Of a merge with a hundred authors, the first so many.
    private static final int MOST = 50;

    private static final Pattern CO_AUTHOR =
            Pattern.compile("(?im)^co-authored-by:[^<\\r\\n]{0,200}<([^<>\\s]{1,254})>[ \\t]*\\r?$");
    private static final Pattern HIDDEN =
            Pattern.compile("(?:[0-9]+\\+)?([a-z0-9-]+(?:\\[bot])?)@users\\.noreply\\.github\\.com");

    private GitHubPeople() {}

    /// Lower case, none twice.
    static List<String> of(Run run) {
        Stream<String> logins = Stream.of(run.actor(), run.triggeringActor())
                .filter(Objects::nonNull)
                .map(Actor::login)
                .filter(Objects::nonNull)
                .map(login -> "github:" + login);
        Stream<String> addresses = Optional.ofNullable(run.headCommit()).stream()
                .flatMap(GitHubPeople::addresses)
                .filter(address -> !address.isBlank())
                .map(String::strip)
                .flatMap(GitHubPeople::aliases);
        return Stream.concat(logins, addresses)
                .map(Incoming::clean)
                .map(alias -> alias.toLowerCase(Locale.ROOT))
                .distinct()
                .limit(MOST)
                .toList();
    }

    private static Stream<String> addresses(HeadCommit commit) {
        Stream<String> named = Stream.of(commit.author(), commit.committer())
                .filter(Objects::nonNull)
                .map(Person::email)
                .filter(Objects::nonNull);
        return Stream.concat(named, coAuthors(commit.message()));
    }

    private static Stream<String> coAuthors(@Nullable String message) {
        return message == null
                ? Stream.empty()
                : CO_AUTHOR.matcher(message).results().map((MatchResult trailer) -> trailer.group(1));
    }

    private static Stream<String> aliases(String address) {
        Matcher hidden = HIDDEN.matcher(address.toLowerCase(Locale.ROOT));
        return hidden.matches() ? Stream.of("github:" + hidden.group(1)) : Stream.of("email:" + address);
    }
}
