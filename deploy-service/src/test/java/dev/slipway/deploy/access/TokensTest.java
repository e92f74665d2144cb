package dev.slipway.deploy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.access.AccessSecret;
import dev.slipway.access.TokenUses;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Outbox;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import dev.slipway.events.Catalogue;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.web.AccessConfig;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The life of a token, with the clock turned by hand.
class TokensTest {
    private static final Caller ADA = Caller.granted("ada-laptop", "ada", List.of("admin"), Set.of());

    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    private final Jdbi jdbi = TestDatabase.fresh("db/eventing", "db/migration").jdbi();
    private final WorkQueue queue = new WorkQueue(clock);
    private final EventWriter events = new EventWriter(new Outbox(clock), clock, Catalogue.DEPLOY);
    private final AccessTokens tokens = new AccessTokens();
    private final TellTokens tell = new TellTokens(events, queue, new TokenUses(jdbi, events, clock, Catalogue.DEPLOY));
    private final IssueToken issue =
            new IssueToken(tokens, tell, () -> List.of(), clock, Duration.ofDays(90), Duration.ofDays(365));
    private final RotateToken rotate = new RotateToken(tokens, tell, clock);
    private final RevokeToken revoke = new RevokeToken(tokens, tell, clock);
    private final WorkRunner runner = new WorkRunner(
            jdbi, queue, clock, "test", Duration.ofSeconds(15), List.of(new EndToken(jdbi, tokens, tell, clock)));

    @Test
    void shouldKeepAndTellTheHashAlone() {
        IssuedToken issued = issue("robot", null);

        assertThat(AccessSecret.isWellFormed(issued.secret())).isTrue();
        assertThat(issued.token().sha256()).isEqualTo(AccessSecret.sha256(issued.secret()));
        assertThat(rows("access_token") + rows("outbox"))
                .contains(issued.token().sha256())
                .doesNotContain(issued.secret());
        assertThat(issued.toString()).doesNotContain(issued.secret());
    }

    @Test
    void shouldTellWhatIsTrueNowWithEveryChange() {
        AccessToken token = issue("robot", null).token();
        jdbi.useTransaction(tx -> rotate.rotate(tx, token.id(), Duration.ofHours(1)));
        jdbi.useTransaction(tx -> revoke.revoke(tx, token.id(), "lost", ADA));

        List<Map<String, Object>> told =
                jdbi.withHandle(handle -> handle.createQuery("""
                        select key, data->>'revision' as revision, data->>'revokedAt' as revoked,
                               data->'previous'->>'sha256' as previous
                        from outbox order by seq""").mapToMap().list());

        assertThat(told)
                .extracting(row -> row.get("key"))
                .containsOnly(token.id().toString());
        assertThat(told).extracting(row -> row.get("revision")).containsExactly("0", "1", "2");
        assertThat(told).extracting(row -> row.get("previous")).containsExactly(null, token.sha256(), token.sha256());
        assertThat(told.getLast().get("revoked")).isEqualTo("2026-03-01T10:00:00Z");
    }

    @Test
    void shouldGiveARotatedTokenItsLifetimeAnew() {
        AccessToken token = issue("robot", Duration.ofDays(10)).token();
        clock.advance(Duration.ofDays(9));

        IssuedToken rotated = jdbi.inTransaction(tx -> rotate.rotate(tx, token.id(), Duration.ZERO));

        assertThat(rotated.token().expiresAt()).isEqualTo("2026-03-20T10:00:00Z");
        assertThat(rotated.token().previous()).isNull();
        assertThat(rotated.token().sha256()).isNotEqualTo(token.sha256());
    }

    @Test
    void shouldTakeATokenOffTheTopicWhenItsTimeIsOver() {
        AccessToken token = issue("robot", Duration.ofDays(1)).token();
        clock.advance(Duration.ofHours(23));
        jdbi.useTransaction(tx -> rotate.rotate(tx, token.id(), Duration.ZERO));

        clock.advance(Duration.ofHours(2));
        runner.runDue();
        assertThat(forgotten()).as("the rotated one lives on").isZero();

        clock.advance(Duration.ofHours(22));
        runner.runDue();

        assertThat(forgotten()).isEqualTo(1);
    }

    @Test
    void shouldKeepTellingOfARevokedTokenUntilItWouldHaveExpired() {
        AccessToken token = issue("robot", Duration.ofDays(10)).token();
        jdbi.useTransaction(tx -> revoke.revoke(tx, token.id(), "lost", ADA));
        clock.advance(Duration.ofDays(9));
        runner.runDue();
        assertThat(forgotten()).isZero();

        clock.advance(Duration.ofDays(1));
        runner.runDue();

        assertThat(forgotten()).isEqualTo(1);
    }

    @Test
    void shouldLetANameBeUsedAgainWhenItsTokenIsDead() {
        AccessToken first = issue("robot", Duration.ofDays(1)).token();
        assertThatThrownBy(() -> issue("robot", null))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("valid token 'robot' already");

        jdbi.useTransaction(tx -> revoke.revoke(tx, first.id(), "lost", ADA));
        issue("robot", Duration.ofDays(1));
        clock.advance(Duration.ofDays(1));
        runner.runDue();

        assertThat(issue("robot", null).token().id()).isNotEqualTo(first.id());
    }

    @Test
    void shouldNotTakeANameFromAConfiguredToken() {
        IssueToken beside =
                new IssueToken(tokens, tell, Configured::list, clock, Duration.ofDays(90), Duration.ofDays(365));

        assertThatThrownBy(() -> jdbi.inTransaction(tx -> beside.issue(tx, wish("admin", null), ADA)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("valid token 'admin' already");
    }

    @Test
    void shouldNotRotateWhatIsDead() {
        AccessToken token = issue("robot", Duration.ofDays(1)).token();
        clock.advance(Duration.ofDays(1));

        assertThatThrownBy(() -> jdbi.inTransaction(tx -> rotate.rotate(tx, token.id(), Duration.ZERO)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("valid no more");
    }

    private IssuedToken issue(String name, @Nullable Duration lifetime) {
        return jdbi.inTransaction(tx -> issue.issue(tx, wish(name, lifetime), ADA));
    }

    private static TokenWish wish(String name, @Nullable Duration lifetime) {
        return new TokenWish(name, List.of("ci"), null, null, lifetime);
    }

    private int forgotten() {
        return jdbi.withHandle(handle -> handle.createQuery("select count(*) from outbox where data is null")
                .mapTo(Integer.class)
                .one());
    }

    private String rows(String table) {
        return jdbi.withHandle(handle -> handle.createQuery("select cast(t as text) from " + table + " t")
                        .mapTo(String.class)
                        .list())
                .toString();
    }

    /// A token from the configuration.
    private record Configured(String name) implements AccessConfig.Token {
        static List<AccessConfig.Token> list() {
            return List.of(new Configured("admin"));
        }

        @Override
        public String sha256() {
            return "0".repeat(64);
        }

        @Override
        public Set<String> roles() {
            return Set.of("admin");
        }

        @Override
        public java.util.Optional<String> person() {
            return java.util.Optional.empty();
        }

        @Override
        public java.util.Optional<Set<String>> aliases() {
            return java.util.Optional.empty();
        }
    }
}
