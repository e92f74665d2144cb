package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.TestDatabase;
import java.util.List;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The statements that run all the time must not become slower with what is over: 100,000 rows done, 10,000 open.
class QueuePlansTest {
    private static final int FEW_PAGES = 1_000;
    private static final Jdbi JDBI = TestDatabase.fresh("db/eventing").jdbi();

    @BeforeAll
    static void fill() {
        JDBI.useHandle(handle -> {
            handle.execute("""
                    insert into inbox (source, event_id, topic, "partition", "offset", key, type, value, received_at,
                                       state, next_attempt_at, outcome)
                    select '/slipway/monitor-service', 'event-' || n, 'slipway.watch', n % 6, n, 'key-' || (n % 2000),
                           'type', decode(repeat('61', 500), 'hex'), now(),
                           case when n <= 100000 then 'done' else 'pending' end, now() - interval '1 minute',
                           case when n <= 100000 then 'applied' end
                    from generate_series(1, 110000) n""");
            handle.execute("""
                    insert into outbox (event_id, topic, key, type, source, subject, time, chain_id, data, created_at,
                                        published_at)
                    select gen_random_uuid(), 'slipway.watch', 'key-' || (n % 2000), 'type', 'source', 'subject', now(),
                           gen_random_uuid(), '{}', now(), case when n <= 100000 then now() end
                    from generate_series(1, 110000) n""");
            handle.execute("""
                    insert into work (kind, id, due_at, lease_until, owner)
                    select 'kind-' || (n % 5), 'work-' || n, now() + n * interval '1 second', null, null
                    from generate_series(1, 10000) n""");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"as they come", "analyzed"})
    void shouldFindOpenEventsByIndex(String statistics) {
        analyze(statistics);

        String plan = plan(InboxRows.CLAIM
                .replace(":now", "now()")
                .replace(":most", "64")
                .replace(":window", "512")
                .replace(":bytes", "4000000"));

        assertThat(plan).doesNotContain("Seq Scan on inbox");
        assertThat(pages(plan)).as(plan).isLessThan(FEW_PAGES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"as they come", "analyzed"})
    void shouldFindUnpublishedEventsByIndex(String statistics) {
        analyze(statistics);

        String plan = plan(Relay.UNPUBLISHED.replace(":batch", "500"));

        assertThat(plan).doesNotContain("Seq Scan on outbox");
        assertThat(pages(plan)).as(plan).isLessThan(FEW_PAGES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"as they come", "analyzed"})
    void shouldFindDueWorkByIndex(String statistics) {
        analyze(statistics);

        String plan = plan(WorkQueue.DUE
                .replace(":now", "now()")
                .replace(":kinds", "'{kind-1,kind-2}'")
                .replace(":most", "8"));

        assertThat(plan).doesNotContain("Seq Scan on work");
        assertThat(pages(plan)).as(plan).isLessThan(FEW_PAGES);
    }

    private static void analyze(String statistics) {
        if (statistics.equals("analyzed")) {
            JDBI.useHandle(handle -> handle.execute("analyze"));
        }
    }

    private static String plan(String statement) {
        try (Handle handle = JDBI.open()) {
            List<String> lines = handle.createQuery("explain (analyze, buffers) " + statement)
                    .mapTo(String.class)
                    .list();
            return String.join("\n", lines);
        }
    }

    /// How many pages of 8 kB the statement looked at: unlike the time it took, the same on every machine.
    private static int pages(String plan) {
        String top = plan.lines()
                .filter(line -> line.strip().startsWith("Buffers: shared"))
                .findFirst()
                .orElseThrow();
        return Pattern.compile("(?:hit|read)=(\\d+)")
                .matcher(top)
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .sum();
    }
}
