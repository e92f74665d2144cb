package dev.slipway.deploy.release;

import dev.slipway.deploy.candidate.Candidate;
import dev.slipway.deploy.candidate.Candidates;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Makes the first releases of new candidates: one piece of due work per application, so that taking a
/// delivery waits for none of it and no two hands make releases of one application at once.
///
/// Of candidates that came in faster than this looks, only the newest gets a release: a release of an
/// older one would be superseded the moment it is made. The others say which candidate passed them over.
@Singleton
public final class QueueCandidates implements WorkHandler {
    /// The first of a crowd is seen to at once, the rest of it together.
    private static final Duration CROWD = Duration.ofMillis(200);

    private final Jdbi jdbi;
    private final Clock clock;
    private final Candidates candidates;
    private final ReleaseManifests manifests;
    private final QueueRelease queue;
    private final ReleaseWork work;
    private final Map<String, Instant> due = new ConcurrentHashMap<>();

    public QueueCandidates(
            Jdbi jdbi,
            Clock clock,
            Candidates candidates,
            ReleaseManifests manifests,
            QueueRelease queue,
            ReleaseWork work) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.candidates = candidates;
        this.manifests = manifests;
        this.queue = queue;
        this.work = work;
    }

    /// Has releases made of new candidates, in the open transaction.
    public void later(Handle tx, List<Candidate> fresh) {
        candidates.markDue(tx, fresh);
        Instant now = clock.instant();
        fresh.stream()
                .map(Candidate::application)
                .distinct()
                .sorted()
                .forEach(application ->
                        work.candidates(tx, application, due.merge(application, now, QueueCandidates::next)));
    }

    private static Instant next(Instant last, Instant now) {
        Instant crowdEnds = last.plus(CROWD);
        if (now.isBefore(last)) {
            return last;
        }
        return now.isBefore(crowdEnds) ? crowdEnds : now;
    }

    @Override
    public String kind() {
        return ReleaseWork.CANDIDATES;
    }

    /// In a transaction of its own: the claim's end holds the row that every delivery of the application
    /// writes to.
    @Override
    public WorkResult run(WorkItem item) {
        jdbi.useTransaction(tx -> queueNewest(tx, item.id()));
        return WorkResult.done(_ -> {});
    }

    private void queueNewest(Handle tx, String application) {
        manifests
                .current(tx, application)
                .ifPresent(manifest -> candidates
                        .takeNewestDue(tx, application)
                        .ifPresent(newest -> queue.first(tx, newest, manifest.sections(), manifest.hash())));
    }
}
