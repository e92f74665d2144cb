package dev.slipway.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.events.TokenChanged;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KnownTokensTest {
    private final AccessStory story = new AccessStory();
    private final KnownTokens tokens = story.tokens("monitor-service");
    private final String secret = AccessSecret.next(new SecureRandom());
    private final TokenChanged issued = story.issued(secret);

    @BeforeEach
    void read() {
        take(issued);
        tokens.current(story.clock.instant());
    }

    @Test
    void shouldKnowWhoseTokenItIs() {
        Caller caller = tokens.callerWith(secret).orElseThrow();

        assertThat(caller.name()).isEqualTo("mara-laptop");
        assertThat(caller.person()).isEqualTo("mara");
        assertThat(caller.roles()).contains("operator", "viewer");
        assertThat(caller.aliases()).containsExactly("github:mara-k");
    }

    @Test
    void shouldNotKnowATokenNobodyIssued() {
        assertThat(tokens.callerWith(AccessSecret.next(new SecureRandom()))).isEmpty();
        assertThat(tokens.callerWith("anything")).isEmpty();
    }

    @Test
    void shouldRefuseARevokedTokenAndSayWhy() {
        take(story.revoked(issued));

        assertRefused(401, "revoked", () -> tokens.callerWith(secret));
    }

    @Test
    void shouldRefuseATokenFromTheMomentItExpires() {
        story.clock.set(issued.expiresAt().minusMillis(1));
        tokens.current(story.clock.instant());
        assertThat(tokens.callerWith(secret)).isPresent();

        story.clock.set(issued.expiresAt());

        assertRefused(401, "expired", () -> tokens.callerWith(secret));
    }

    @Test
    void shouldAcceptBothTokensUntilTheRotatedOnesTimeIsOver() {
        String next = AccessSecret.next(new SecureRandom());
        take(story.rotated(issued, next, Duration.ofHours(1)));
        assertThat(tokens.callerWith(next)).isPresent();
        assertThat(tokens.callerWith(secret)).isPresent();

        story.clock.advance(Duration.ofHours(1));
        tokens.current(story.clock.instant());

        assertThat(tokens.callerWith(next)).isPresent();
        assertRefused(401, "rotated", () -> tokens.callerWith(secret));
    }

    @Test
    void shouldForgetTheOldTokenWhenItIsRotatedAtOnce() {
        take(story.rotated(issued, AccessSecret.next(new SecureRandom()), Duration.ZERO));

        assertThat(tokens.callerWith(secret)).isEmpty();
    }

    @Test
    void shouldNotTakeARevocationBackWhenTheTopicIsReadAgain() {
        take(story.revoked(issued));
        take(issued);

        assertRefused(401, "revoked", () -> tokens.callerWith(secret));
    }

    @Test
    void shouldForgetWhatIsTakenOffTheTopic() {
        tokens.take(issued.token().toString(), null);

        assertThat(tokens.callerWith(secret)).isEmpty();
    }

    @Test
    void shouldSayThatItKnowsNothingYet() {
        KnownTokens starting = story.tokens("backup-service");

        assertRefused(503, "not known here yet", () -> starting.callerWith(secret));
        assertThat(starting.callerWith("no token of ours")).isEmpty();
    }

    @Test
    void shouldBelieveNoTokenWhenTheTopicCouldNotBeReadForTooLong() {
        story.clock.advance(AccessStory.MAX_AGE);
        assertThat(tokens.callerWith(secret)).isPresent();

        story.clock.advance(Duration.ofMillis(1));

        assertRefused(503, "slipway.access cannot be read", () -> tokens.callerWith(secret));
        tokens.current(story.clock.instant());
        assertThat(tokens.callerWith(secret)).isPresent();
    }

    @Test
    void shouldAcceptNobodyWithARoleItDoesNotKnow() {
        take(changed(roles -> List.of("viewer", "emperor")));

        assertThat(tokens.callerWith(secret)).isEmpty();
    }

    @Test
    void shouldStandWhatIsNoTokenAtAll() {
        tokens.take("x", "{".getBytes(UTF_8));
        tokens.take(UUID.randomUUID().toString(), "{\"context\":{}}".getBytes(UTF_8));
        tokens.take("nobody", null);

        assertThat(tokens.callerWith(secret)).isPresent();
    }

    private TokenChanged changed(UnaryOperator<List<String>> roles) {
        return new TokenChanged(
                issued.token(),
                issued.revision() + 1,
                issued.name(),
                issued.sha256(),
                null,
                roles.apply(issued.roles()),
                issued.person(),
                issued.aliases(),
                issued.issuedAt(),
                issued.expiresAt(),
                null);
    }

    private void take(TokenChanged change) {
        tokens.take(change.token().toString(), story.record(change));
    }

    private static void assertRefused(int status, String detail, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(status))
                .hasMessageContaining(detail);
    }
}
