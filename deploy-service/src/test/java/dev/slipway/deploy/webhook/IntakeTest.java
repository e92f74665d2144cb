package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.ServiceBackends;
import dev.slipway.deploy.release.QueueCandidates;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Deliveries that are kept together.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class IntakeTest {
    @TestHTTPResource("/")
    URI base;

    @Inject
    Jdbi jdbi;

    @Inject
    Clock clock;

    @Inject
    Hooks hooks;

    @Inject
    KeepDeliveries keep;

    @Inject
    Intake intake;

    @Inject
    QueueCandidates queueCandidates;

    private WebhookShop shop;
    private String application;

    @BeforeEach
    void open() throws Exception {
        shop = WebhookShop.open(base);
        application = shop.application();
    }

    @Test
    void shouldKeepACrowdByOneCommit() throws Exception {
        List<Read> crowd =
                IntStream.range(0, 20).mapToObj(i -> read("d-" + i, run(i))).toList();

        List<Entry.Told> told = keep.keep(crowd);

        assertThat(told).extracting(each -> each.delivery().verdict()).containsOnly("candidate");
        assertThat(texts("select distinct cast(xmin as text) from delivery where application = ?"))
                .hasSize(1);
        assertThat(texts("select c.id from candidate c join delivery d on d.candidate = c.id where c.application = ?"))
                .hasSize(20);
        assertThat(texts("""
                select o.key from outbox o join candidate c on c.id = o.chain_id
                where o.type like '%candidate.accepted%' and c.application = ?""")).hasSize(20);
    }

    @Test
    void shouldTellEachOfACrowdWhatBecameOfIt() throws Exception {
        keep.keep(List.of(read("known", run(1))));
        List<Read> crowd = List.of(
                read("known", run(1)),
                read("fresh", run(2)),
                read("fresh", run(2)),
                read("fresh", run(3)),
                read("other-id", run(2)),
                forged("forged"),
                read("ping", "ping", "{}"));

        List<Entry.Told> told = keep.keep(crowd);

        assertThat(told)
                .extracting(each -> each.delivery() == null
                        ? Objects.requireNonNull(each.denied()).type()
                        : each.delivery().verdict())
                .containsExactly(
                        "candidate",
                        "candidate",
                        "candidate",
                        "urn:slipway:problem:delivery-altered",
                        "duplicate",
                        "urn:slipway:problem:wrong-signature",
                        "ignored");
        assertThat(texts("select delivery || ' ' || verdict from delivery where application = ?"))
                .containsExactlyInAnyOrder(
                        "known candidate",
                        "known duplicate",
                        "fresh candidate",
                        "fresh duplicate",
                        "fresh altered",
                        "other-id duplicate",
                        "forged refused",
                        "ping ignored");
        assertThat(texts("select commit from candidate where application = ?")).hasSize(2);
    }

    @Test
    void shouldNotLetWhatCannotBeKeptHarmItsNeighbours() throws Exception {
        jdbi.useHandle(handle -> handle.execute("""
                create or replace function refuse_poison() returns trigger language plpgsql as $$
                begin
                    if new.delivery = 'poison' then raise exception 'poisoned'; end if;
                    return new;
                end $$;
                create or replace trigger refuse_poison before insert on delivery
                    for each row execute function refuse_poison()"""));
        try {
            var before = intake.keep(read("before", run(1))).toCompletableFuture();
            var poison = intake.keep(read("poison", run(2))).toCompletableFuture();
            var after = intake.keep(read("after", run(3))).toCompletableFuture();

            assertThat(before.join().verdict()).isEqualTo("candidate");
            assertThat(after.join().verdict()).isEqualTo("candidate");
            assertThat(poison).failsWithin(Duration.ofSeconds(10));
            assertThat(shop.listed()).containsExactlyInAnyOrder("candidate before", "candidate after");
        } finally {
            jdbi.useHandle(handle -> handle.execute("drop trigger refuse_poison on delivery"));
        }
    }

    @Test
    void shouldReadAgainWhatWasReadWithAnotherManifest() throws Exception {
        Read read = read("d-1", run(1));
        shop.putManifest("\"${env:SLIPWAY_REF_NEXT_SECRET}\"");

        List<Entry.Told> told = keep.keep(List.of(read));

        assertThat(told.getFirst().delivery()).isNull();
        assertThat(shop.listed()).containsExactly("refused d-1");
    }

    @Test
    void shouldMakeTheReleaseOfTheNewestAndSayWhoWasPassedOver() throws Exception {
        keep.keep(List.of(read("d-1", run(1)), read("d-2", run(2))));
        keep.keep(List.of(read("d-3", run(3))));

        makeReleases();

        assertThat(texts("select commit from candidate where passed_over_by is null and application = ?"))
                .containsExactly(commit(3));
        assertThat(texts("select commit from release where application = ?")).containsExactly(commit(3));
        assertThat(
                        texts(
                                "select n.commit from candidate c join candidate n on n.id = c.passed_over_by where c.application = ?"))
                .containsExactly(commit(3), commit(3));
    }

    @Test
    void shouldSupersedeTheReleaseOfAnOlderCandidate() throws Exception {
        keep.keep(List.of(read("d-1", run(1))));
        makeReleases();
        keep.keep(List.of(read("d-2", run(2))));

        makeReleases();

        assertThat(texts("select commit || ' ' || phase from release where application = ? order by created_at"))
                .containsExactly(commit(1) + " superseded", commit(2) + " created");
    }

    private void makeReleases() {
        // Of a crowd the rest is due a moment later.
        Clock later = Clock.offset(clock, Duration.ofSeconds(1));
        new WorkRunner(jdbi, new WorkQueue(later), later, "test", Duration.ofSeconds(15), List.of(queueCandidates))
                .runDue();
    }

    private Read read(String id, String body) {
        return read(id, "workflow_run", body);
    }

    private Read read(String id, String event, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        String signature = GitHubSignature.header(bytes, ServiceBackends.SECRET);
        return read(new Incoming(
                application, id, event, signature, bytes, clock.instant(), "192.0.2.1", "GitHub-Hookshot/1", null));
    }

    private Read forged(String id) {
        return read(new Incoming(
                application,
                id,
                "ping",
                "sha256=00",
                new byte[2],
                clock.instant(),
                "192.0.2.1",
                "GitHub-Hookshot/1",
                null));
    }

    private Read read(Incoming incoming) {
        Hook hook = hooks.look(application);
        return new Read(incoming, hook.version(), hook.read(incoming));
    }

    private static String run(int number) {
        return WorkflowRuns.good(number, 1).replace(WorkflowRuns.COMMIT, commit(number));
    }

    private static String commit(int number) {
        return "%040x".formatted(number);
    }

    private List<String> texts(String sql) {
        return jdbi.withHandle(
                handle -> handle.select(sql, application).mapTo(String.class).list());
    }
}
