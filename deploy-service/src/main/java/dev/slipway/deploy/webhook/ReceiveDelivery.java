package dev.slipway.deploy.webhook;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.candidate.AcceptCandidate;
import dev.slipway.deploy.candidate.AcceptCandidate.Acceptance.Accepted;
import dev.slipway.deploy.candidate.AcceptCandidate.Acceptance.Known;
import dev.slipway.deploy.candidate.Build;
import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.manifest.DeployManifest.GitHub;
import dev.slipway.deploy.release.QueueRelease;
import dev.slipway.deploy.webhook.Deliveries.First;
import dev.slipway.deploy.webhook.Reading.Good;
import dev.slipway.deploy.webhook.Reading.Nothing;
import dev.slipway.eventing.Ids;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.References;
import dev.slipway.manifest.StoredManifest;
import dev.slipway.manifest.UnresolvedReference;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Takes what GitHub delivers: proves who sent it, keeps it with its verdict and, when it tells of a good build, makes
/// the
/// candidate and its first release in the same transaction. The same delivery again changes nothing.
@Singleton
final class ReceiveDelivery {
    private static final Logger LOG = Logger.getLogger(ReceiveDelivery.class);

    /// Stands for the secrets of an application nobody knows, so that the answer to it takes as long as any other.
    private static final List<String> NOBODYS = List.of("nobody's secret");

    private final Jdbi jdbi;
    private final Clock clock;
    private final Manifests<DeployManifest> manifests;
    private final References references;
    private final Deliveries deliveries;
    private final AcceptCandidate acceptCandidate;
    private final QueueRelease queueRelease;

    ReceiveDelivery(
            Jdbi jdbi,
            Clock clock,
            Manifests<DeployManifest> manifests,
            References references,
            Deliveries deliveries,
            AcceptCandidate acceptCandidate,
            QueueRelease queueRelease) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.manifests = manifests;
        this.references = references;
        this.deliveries = deliveries;
        this.acceptCandidate = acceptCandidate;
        this.queueRelease = queueRelease;
    }

    /// @return what the sender is told; the same for a delivery that is repeated. Empty when it was refused, whatever
    /// the
    /// reason: the sender does not learn it
    Optional<Delivery> fromGitHub(Incoming incoming) {
        Optional<StoredManifest<DeployManifest>> manifest = manifests.current(incoming.application());
        Optional<String> refusal = refusal(incoming, manifest);
        Delivery told = jdbi.inTransaction(tx ->
                refusal.isPresent() ? refuse(tx, incoming, refusal.get()) : take(tx, incoming, manifest.orElseThrow()));
        LOG.infof(
                "event=delivery_received verdict=%s application=%s delivery=%s github_event=%s candidate=%s reason='%s'",
                told.verdict(), told.application(), told.deliveryId(), told.event(), told.candidate(), told.reason());
        return refusal.isPresent() ? Optional.empty() : Optional.of(told);
    }

    private Optional<String> refusal(Incoming incoming, Optional<StoredManifest<DeployManifest>> manifest) {
        Optional<GitHub> github =
                manifest.map(known -> known.sections().webhooks().github());
        List<String> unresolved = new ArrayList<>();
        List<String> secrets = github.map(known -> secrets(known, unresolved)).orElse(NOBODYS);
        boolean matches = GitHubSignature.matches(incoming.body(), incoming.signature(), secrets);
        if (manifest.isEmpty()) {
            return Optional.of("there is no such application");
        }
        if (github.isEmpty()) {
            return Optional.of("the application has no webhook for GitHub");
        }
        if (matches) {
            return Optional.empty();
        }
        return Optional.of(
                unresolved.isEmpty() ? "the signature is wrong" : "the signature is wrong, and " + unresolved);
    }

    private List<String> secrets(GitHub github, List<String> unresolved) {
        List<String> secrets = new ArrayList<>();
        for (String secret : github.secrets()) {
            try {
                secrets.add(references.resolve(secret));
            } catch (UnresolvedReference e) {
                LOG.errorf("event=webhook_secret_unresolved reason='%s'", e.getMessage());
                unresolved.add(e.getMessage());
            }
        }
        return secrets;
    }

    private Delivery refuse(Handle tx, Incoming incoming, String reason) {
        Delivery refused = delivery(incoming, false, Verdict.REFUSED, reason, null, null);
        deliveries.add(tx, refused, incoming.bodyHash(), null);
        deliveries.prune(tx);
        return refused;
    }

    private Delivery take(Handle tx, Incoming incoming, StoredManifest<DeployManifest> manifest) {
        Delivery fresh = delivery(incoming, true, Verdict.IGNORED, "", null, null);
        if (!deliveries.add(tx, fresh, incoming.bodyHash(), incoming.body())) {
            return repeat(tx, incoming);
        }
        DeployManifest sections = manifest.sections();
        GitHub github = sections.webhooks().github();
        Reading reading = GitHubReader.read(
                incoming.event(), incoming.body(), sections.repository(), github.workflow(), github.branches());
        Delivery concluded = switch (reading) {
            case Nothing nothing -> concluded(fresh, Verdict.IGNORED, Incoming.clean(nothing.reason()), null);
            case Good good -> accept(tx, fresh, good.build(), manifest);
        };
        deliveries.conclude(tx, concluded);
        return concluded;
    }

    private Delivery accept(Handle tx, Delivery fresh, Build build, StoredManifest<DeployManifest> manifest) {
        return switch (acceptCandidate.accept(tx, build, manifest.sections())) {
            case Known known -> concluded(fresh, Verdict.DUPLICATE, known.why(), known.candidate());
            case Accepted accepted -> {
                queueRelease.first(tx, accepted.candidate(), manifest.sections(), manifest.hash());
                yield concluded(
                        fresh,
                        Verdict.CANDIDATE,
                        "%s is a candidate".formatted(accepted.candidate().artifact()),
                        accepted.candidate().id());
            }
        };
    }

    /// @return the first delivery: whoever repeats gets the same answer
    private Delivery repeat(Handle tx, Incoming incoming) {
        First first = deliveries.first(tx, incoming.application(), GitHubReader.PROVIDER, incoming.delivery());
        boolean same = first.bodyHash().equals(incoming.bodyHash());
        Delivery again = delivery(
                incoming,
                true,
                same ? Verdict.DUPLICATE : Verdict.ALTERED,
                same ? "this delivery was taken before" : "this delivery was taken before with another body",
                first.delivery().candidate(),
                first.delivery().id());
        deliveries.add(tx, again, incoming.bodyHash(), same ? null : incoming.body());
        return first.delivery();
    }

    private Delivery delivery(
            Incoming incoming,
            boolean verified,
            Verdict verdict,
            String reason,
            @Nullable UUID candidate,
            @Nullable UUID repeats) {
        return new Delivery(
                Ids.next(clock),
                incoming.application(),
                GitHubReader.PROVIDER,
                incoming.delivery(),
                incoming.event(),
                verified,
                verdict.tag(),
                reason,
                candidate,
                repeats,
                clock.instant().truncatedTo(MICROS));
    }

    private static Delivery concluded(Delivery fresh, Verdict verdict, String reason, @Nullable UUID candidate) {
        return new Delivery(
                fresh.id(),
                fresh.application(),
                fresh.provider(),
                fresh.deliveryId(),
                fresh.event(),
                fresh.verified(),
                verdict.tag(),
                reason,
                candidate,
                null,
                fresh.receivedAt());
    }
}
