package dev.slipway.deploy.webhook;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import dev.slipway.audit.Cause;
import dev.slipway.deploy.candidate.AcceptCandidates;
import dev.slipway.deploy.candidate.AcceptCandidates.Acceptance;
import dev.slipway.deploy.candidate.AcceptCandidates.Acceptance.Accepted;
import dev.slipway.deploy.candidate.AcceptCandidates.Acceptance.Known;
import dev.slipway.deploy.candidate.AcceptCandidates.Offer;
import dev.slipway.deploy.candidate.Candidate;
import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.release.QueueCandidates;
import dev.slipway.deploy.webhook.Deliveries.First;
import dev.slipway.deploy.webhook.Deliveries.Key;
import dev.slipway.deploy.webhook.Reading.Good;
import dev.slipway.deploy.webhook.Reading.Nothing;
import dev.slipway.deploy.webhook.Reading.Refused;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.StoredManifest;
import dev.slipway.telemetry.Traces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Keeps deliveries with their verdicts and makes candidates of the good ones, several in one
/// transaction. The same delivery again changes nothing.
@Singleton
final class KeepDeliveries {
    private static final Logger LOG = Logger.getLogger(KeepDeliveries.class);
    private static final int ATTEMPTS = 3;

    /// So many get a line each in the log; of more there is one line for all.
    private static final int FEW = 4;

    private static final int MOST_SENDERS = 10;

    private final Jdbi jdbi;
    private final Clock clock;
    private final Manifests<DeployManifest> manifests;
    private final Hooks hooks;
    private final Deliveries deliveries;
    private final AcceptCandidates acceptCandidates;
    private final QueueCandidates queueCandidates;
    private final VerdictMetrics metrics;

    KeepDeliveries(
            Jdbi jdbi,
            Clock clock,
            Manifests<DeployManifest> manifests,
            Hooks hooks,
            Deliveries deliveries,
            AcceptCandidates acceptCandidates,
            QueueCandidates queueCandidates,
            VerdictMetrics metrics) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.manifests = manifests;
        this.hooks = hooks;
        this.deliveries = deliveries;
        this.acceptCandidates = acceptCandidates;
        this.queueCandidates = queueCandidates;
        this.metrics = metrics;
    }

    /// @return for each of them, in the order given, what its sender is told; all of it is committed
    List<Entry.Told> keep(List<Read> reads) {
        for (int attempt = 1; ; attempt++) {
            try {
                List<Entry> entries = cause(reads).bringsAbout(() -> jdbi.inTransaction(tx -> keep(tx, reads)));
                entries.forEach(entry -> metrics.count(entry.kept().verdict()));
                log(entries);
                return entries.stream().map(Entry::told).toList();
            } catch (TakenMeanwhile e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /// Of a crowd the addresses are told together, and the programs.
    private static Cause cause(List<Read> reads) {
        return Cause.webhook(
                "POST /api/v1/webhooks/github/{application}", all(reads, Incoming::from), all(reads, Incoming::agent));
    }

    private static @Nullable String all(List<Read> reads, Function<Incoming, @Nullable String> member) {
        String all = reads.stream()
                .map(read -> member.apply(read.incoming()))
                .filter(Objects::nonNull)
                .distinct()
                .limit(MOST_SENDERS)
                .collect(joining(", "));
        return all.isEmpty() ? null : all;
    }

    private List<Entry> keep(Handle tx, List<Read> reads) {
        Map<String, Optional<StoredManifest<DeployManifest>>> current = reads.stream()
                .map(read -> read.incoming().application())
                .distinct()
                .collect(toMap(identity(), application -> manifests.current(tx, application)));
        List<Entry> entries = reads.stream()
                .map(read -> new Entry(upToDate(read, current), clock))
                .toList();
        Map<Key, First> firsts = deliveries.firsts(
                tx, entries.stream().filter(Entry::genuine).map(Entry::key).toList());
        Map<Key, Entry> fresh = new LinkedHashMap<>();
        List<Entry> again = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.reading() instanceof Refused refused) {
                entry.refuse(refused);
            } else if (firsts.containsKey(entry.key()) || fresh.putIfAbsent(entry.key(), entry) != null) {
                again.add(entry);
            }
        }
        conclude(tx, List.copyOf(fresh.values()), current);
        fresh.forEach((key, entry) -> firsts.put(key, entry.asFirst()));
        again.forEach(entry -> entry.repeat(firsts.get(entry.key())));
        store(tx, entries);
        return entries;
    }

    /// Another manifest may have come between reading and keeping.
    private Read upToDate(Read read, Map<String, Optional<StoredManifest<DeployManifest>>> current) {
        Optional<StoredManifest<DeployManifest>> manifest =
                current.get(read.incoming().application());
        String version = manifest.map(StoredManifest::hash).orElse(null);
        return Objects.equals(version, read.manifest())
                ? read
                : new Read(read.incoming(), version, hooks.of(manifest).read(read.incoming()));
    }

    private void conclude(Handle tx, List<Entry> fresh, Map<String, Optional<StoredManifest<DeployManifest>>> current) {
        List<Entry> good = new ArrayList<>();
        List<Offer> offers = new ArrayList<>();
        for (Entry entry : fresh) {
            switch (entry.reading()) {
                case Nothing nothing -> entry.take(Verdict.IGNORED, nothing.reason(), null);
                case Refused refused -> entry.refuse(refused);
                case Good is -> {
                    good.add(entry);
                    String application = entry.incoming().application();
                    offers.add(new Offer(
                            is.build(),
                            current.get(application).orElseThrow().sections(),
                            entry.incoming().traceparent()));
                }
            }
        }
        List<Acceptance> acceptances = acceptCandidates.accept(tx, offers);
        List<Candidate> accepted = new ArrayList<>();
        String newest = null;
        for (int i = 0; i < good.size(); i++) {
            switch (acceptances.get(i)) {
                case Known known -> good.get(i).take(Verdict.DUPLICATE, known.why(), known.candidate());
                case Accepted(Candidate candidate) -> {
                    accepted.add(candidate);
                    newest = good.get(i).incoming().traceparent();
                    String reason = "%s is a candidate".formatted(candidate.artifact());
                    good.get(i).take(Verdict.CANDIDATE, reason, candidate.id());
                }
            }
        }
        // A crowd makes one piece of work; the newest candidate is the one it makes a release of.
        Traces.within(newest, () -> queueCandidates.later(tx, accepted));
    }

    /// @throws TakenMeanwhile when another replica took the first of these deliveries at the same time
    private void store(Handle tx, List<Entry> entries) {
        if (deliveries.add(tx, entries.stream().map(Entry::row).toList()) < entries.size()) {
            throw new TakenMeanwhile();
        }
        if (!entries.stream().allMatch(Entry::genuine)) {
            deliveries.prune(tx);
        }
    }

    private static void log(List<Entry> entries) {
        if (entries.size() > FEW) {
            LOG.infof("event=deliveries_received deliveries=%d", entries.size());
            return;
        }
        for (Entry entry : entries) {
            Delivery delivery = entry.kept();
            LOG.infof(
                    "event=delivery_received verdict=%s application=%s delivery=%s github_event=%s candidate=%s reason='%s'",
                    delivery.verdict(),
                    delivery.application(),
                    delivery.deliveryId(),
                    delivery.event(),
                    delivery.candidate(),
                    delivery.reason());
        }
    }

    /// All of it is to be taken back and done again: now the other one is seen.
    private static final class TakenMeanwhile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TakenMeanwhile() {
            super("another replica took one of these deliveries meanwhile", null, false, false);
        }
    }
}
