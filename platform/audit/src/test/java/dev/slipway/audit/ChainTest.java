package dev.slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.audit.VerifyChain.Place;
import dev.slipway.audit.VerifyChain.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a row says, that nobody can take one back unseen, and how the owner lets go of old ones.
class ChainTest {
    private final ServiceStorage storage = ServiceStorage.fresh();

    @Test
    void shouldSayWhoDidWhatAndWhatItWasBefore() {
        Cause cause =
                new Cause("request", "mara", "mara-laptop", "10.0.0.7", "curl/8", null, "PUT /api/v1/things/{id}");
        storage.things(1, 1);

        cause.bringsAbout(() -> storage.app()
                .inTransaction(tx ->
                        tx.execute("update thing set colour = 'blue', secret = 'swordfish', seen = 3 where id = 1")));

        Map<String, Object> row = last();
        assertThat(row)
                .containsEntry("cause", "request")
                .containsEntry("person", "mara")
                .containsEntry("token", "mara-laptop")
                .containsEntry("address", "10.0.0.7")
                .containsEntry("agent", "curl/8")
                .containsEntry("action", "PUT /api/v1/things/{id}")
                .containsEntry("change", "changed")
                .containsEntry("kind", "thing")
                .containsEntry("subject", "1")
                .containsEntry("application", "shop")
                .containsEntry("at", "2026-03-01 10:00:00")
                .containsEntry("old", "{\"colour\": \"red\"}")
                .containsEntry("new", "{\"colour\": \"blue\"}");
    }

    @Test
    void shouldLeaveNoRowOfWhatWasTakenBackOrIsNoChange() {
        storage.things(1, 1);
        int before = rows();

        storage.app().useTransaction(tx -> tx.execute("update thing set seen = seen + 1 where id = 1"));
        assertThatThrownBy(() -> storage.app().useTransaction(tx -> {
                    tx.execute("delete from thing where id = 1");
                    throw new IllegalStateException("taken back");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void shouldPutAChangeByHandDownToTheSessionThatMadeIt() {
        storage.things(1, 1);

        storage.owner().useHandle(handle -> handle.execute("delete from thing where id = 1"));

        assertThat(last())
                .containsEntry("cause", "database")
                .containsEntry("person", "thing_owner")
                .containsEntry("change", "removed");
    }

    @Test
    void shouldNameAValueTooLargeToBeKeptByItsHash() {
        storage.things(1, 1);

        storage.app().useTransaction(tx -> tx.execute("update thing set colour = repeat('x', 5000) where id = 1"));

        assertThat(String.valueOf(last().get("new"))).contains("sha256", "5002").hasSizeLessThan(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit set person = 'nobody'",
                "delete from audit",
                "truncate audit",
                "update audit_seal set hash = ''",
                "delete from audit_seal",
                "delete from audit_head",
                "insert into audit_cut values (1, '', 0, now(), '')",
                "select audit_prune(now())",
                "alter table thing disable trigger audit",
                "drop trigger audit on thing"
            })
    void shouldLetTheServiceAddAndReadOnly(String statement) {
        storage.things(1, 1);
        storage.sealer().seal();

        assertThatThrownBy(() -> storage.app().useHandle(handle -> handle.execute(statement)))
                .hasMessageMatching("(?s).*(permission denied|must be owner).*");
    }

    @Test
    void shouldFindNothingWrongWithAChainNobodyTouched() {
        storage.things(1, 1200);
        assertThat(storage.sealer().seal()).isEqualTo(1200);
        storage.things(1201, 1203);

        Report report = verify();

        assertThat(report.faults()).isEmpty();
        assertThat(report.ok()).isTrue();
        assertThat(report.complete()).isTrue();
        assertThat(report.checked()).isEqualTo(1200);
        assertThat(report.unsealed()).isEqualTo(3);
    }

    @Test
    void shouldGoOnWhereAReportEnded() {
        storage.things(1, 20);
        storage.sealer().seal();
        VerifyChain chain = new VerifyChain(storage.app());

        Report first = chain.verify(Optional.empty(), 15);
        Report second = chain.verify(Optional.of(first.to()), 15);

        assertThat(first.complete()).isFalse();
        assertThat(first.ok()).isTrue();
        assertThat(second.complete()).isTrue();
        assertThat(second.ok()).isTrue();
        assertThat(second.checked()).isEqualTo(5);
    }

    /// What somebody with the owner's rights might try, and what is said of it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit set person = 'nobody' where seq = 5 | row 5 was changed",
                "update audit set new = null where seq = 5 | row 5 was changed",
                "update audit set at = at + interval '1 second' where seq = 5 | row 5 was changed",
                "delete from audit where seq = 5 | row 5 is missing",
                "delete from audit where seq = 5; delete from audit_seal where seq = 5 | positions 5 to 5 are missing",
                "delete from audit where seq > 7; delete from audit_seal where seq > 7 | the end is missing: positions 8 to 10",
                "update audit_seal set seq = -seq where seq in (4, 5);"
                        + " update audit_seal set seq = 9 + seq where seq < 0 | row 5 was changed",
                "insert into audit (xid, at, cause, action, change, kind, subject)"
                        + " values ('1', now(), 'service', 'x', 'created', 'x', 'x') | row 11 has no place",
            })
    void shouldNameWhatWasChangedRemovedReorderedOrSlippedIn(String attempt) {
        String[] parts = attempt.split(" \\| ");
        storage.things(1, 10);
        storage.sealer().seal();
        storage.owner().useHandle(handle -> {
            for (String statement : parts[0].split("; ?")) {
                handle.execute(statement);
            }
        });

        Report report = verify();

        assertThat(report.ok()).isFalse();
        assertThat(report.faults())
                .anySatisfy(fault -> assertThat(fault.message()).startsWith(parts[1]));
    }

    @Test
    void shouldFindARewrittenChainByAPlaceKeptElsewhere() {
        storage.things(1, 5);
        storage.sealer().seal();
        Place kept = verify().to();
        storage.owner().useHandle(handle -> {
            handle.execute("update audit set person = 'nobody' where seq = 2");
            handle.execute("delete from audit_seal");
            handle.execute("update audit_head set position = 0, hash = repeat('0', 64), xid = '0'");
        });
        storage.sealer().seal();

        assertThat(verify().ok()).as("by itself it looks right again").isTrue();
        Report report = new VerifyChain(storage.app()).verify(Optional.of(kept), 100);

        assertThat(report.faults().getFirst().message()).contains("rewritten");
    }

    @Test
    void shouldFindAnEndThatWasCutOffByAPlaceKeptElsewhere() {
        storage.things(1, 5);
        storage.sealer().seal();
        Place kept = verify().to();
        storage.owner().useHandle(handle -> {
            handle.execute("update audit_head set position = 3, hash = s.hash from audit_seal s where s.position = 3");
            handle.execute("delete from audit where seq > 3");
            handle.execute("delete from audit_seal where position > 3");
        });

        assertThat(verify().ok()).as("by itself it looks right").isTrue();
        Report report = new VerifyChain(storage.app()).verify(Optional.of(kept), 100);

        assertThat(report.faults().getFirst().message())
                .isEqualTo("the chain ends at position 3, before the one you kept");
    }

    @Test
    void shouldStayProvableWhenTheOwnerPrunes() {
        storage.things(1, 6);
        storage.sealer().seal();
        Place kept = verify().to();
        storage.clock().advance(Duration.ofDays(400));
        storage.app()
                .useTransaction(tx -> Cause.timer("x", null)
                        .bringsAbout(
                                tx, storage.clock().instant(), () -> tx.execute("update thing set colour = 'blue'")));
        storage.sealer().seal();

        long removed = storage.owner()
                .withHandle(handle -> handle.createQuery("select audit_prune('2026-12-01T00:00:00Z')")
                        .mapTo(Long.class)
                        .one());

        assertThat(removed).isEqualTo(6);
        Report report = verify();
        assertThat(report.ok()).isTrue();
        assertThat(report.from()).isEqualTo(kept);
        assertThat(report.checked()).isEqualTo(6);
        storage.owner().useHandle(handle -> handle.execute("delete from audit_seal where position = 7"));
        assertThat(verify().faults()).isNotEmpty();
    }

    @Test
    void shouldSealEveryRowOnceWhateverTheOrderOfCommits() throws Exception {
        Sealer one = storage.sealer();
        Sealer other = storage.sealer();
        try (Handle late = storage.app().open()) {
            late.begin();
            late.execute("insert into thing values (100000, 'shop', 'late', '', 0)");
            storage.things(1, 3);
            one.seal();
            late.commit();
        }
        List<Future<?>> writers = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(4);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < 4; writer++) {
                int from = 1000 * (writer + 1);
                writers.add(threads.submit(() -> {
                    storage.things(from, from + 99);
                    done.countDown();
                }));
            }
            for (Sealer sealer : List.of(one, other)) {
                writers.add(threads.submit(() -> {
                    while (done.getCount() > 0) {
                        sealer.seal();
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        one.seal();

        Report report = verify();
        assertThat(report.faults()).isEmpty();
        assertThat(report.checked()).isEqualTo(404);
        assertThat(report.unsealed()).isZero();
    }

    private Report verify() {
        return new VerifyChain(storage.app()).verify(Optional.empty(), 100_000);
    }

    private int rows() {
        return storage.app()
                .withHandle(handle -> handle.createQuery("select count(*) from audit")
                        .mapTo(Integer.class)
                        .one());
    }

    private Map<String, Object> last() {
        return storage.app()
                .withHandle(handle -> handle.createQuery("""
                        select cause, person, token, address, agent, action, change, kind, subject, application,
                               to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as at,
                               old::text as old, new::text as new
                        from audit order by seq desc limit 1""").mapToMap().one());
    }
}
