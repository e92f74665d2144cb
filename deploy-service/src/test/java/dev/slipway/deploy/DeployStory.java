package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.answer.TakeAnswer;
import dev.slipway.deploy.answer.TakeAnswers;
import dev.slipway.deploy.candidate.Candidate;
import dev.slipway.deploy.gate.GateAnswers.Kept;
import dev.slipway.deploy.gate.GateBeans;
import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Decision;
import dev.slipway.deploy.release.Outcome;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseBeans;
import dev.slipway.deploy.release.ReleaseSignal;
import dev.slipway.deploy.release.ReleaseState.Course;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.release.ReleaseState.WayBack;
import dev.slipway.deploy.smoke.FakeSmokeTests;
import dev.slipway.deploy.step.StepBeans;
import dev.slipway.deploy.step.StepBeans.Killed;
import dev.slipway.deploy.target.FakeTarget;
import dev.slipway.deploy.target.Targets;
import dev.slipway.deploy.traffic.FakeRouter;
import dev.slipway.deploy.traffic.Routers;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.Outbox;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.Catalogue;
import dev.slipway.events.EventData;
import dev.slipway.manifest.Faults;
import dev.slipway.manifest.ManifestNode;
import dev.slipway.manifest.ManifestReader;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.References;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.web.Caller;
import dev.slipway.web.PageRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// deploy-service without its doors: everything between an accepted candidate and a settled release, on a database of
/// its own, with a clock that is turned by hand and the other services played by the test.
public final class DeployStory implements AutoCloseable {
    private static final Duration LEASE = Duration.ofSeconds(15);

    public final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    public final Jdbi jdbi;
    public final FakeTarget target = new FakeTarget();
    public final FakeRouter router = new FakeRouter();
    public final FakeSmokeTests smokeTests = new FakeSmokeTests();
    public final ReleaseBeans beans;
    public final GateBeans gates;
    public final StepBeans steps;
    public final TakeAnswer answers;
    public final OtherServices others;

    private final DeployManifest manifest;
    private final WorkQueue queue = new WorkQueue(clock);
    private final Manifests<DeployManifest> manifests;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Said said;

    public DeployStory() {
        this(ShopManifest.shop());
    }

    public DeployStory(DeployManifest manifest) {
        this(manifest, new OneConnection(database()));
    }

    /// A story of several threads, each with connections of its own.
    public static DeployStory ofManyHands(TestDatabase database) {
        return new DeployStory(ShopManifest.shop(), database.jdbi(), () -> {});
    }

    private DeployStory(DeployManifest manifest, OneConnection connection) {
        this(manifest, connection.jdbi(), connection);
    }

    private DeployStory(DeployManifest manifest, Jdbi jdbi, AutoCloseable open) {
        this.manifest = manifest;
        this.jdbi = jdbi;
        this.open.add(open);
        manifests = new Manifests<>(jdbi, clock, new Given(), References.of(Map.of()), List.of());
        EventWriter writer = new EventWriter(new Outbox(clock), clock, Catalogue.DEPLOY);
        beans = new ReleaseBeans(clock, queue, writer, manifests);
        gates = new GateBeans(clock, beans);
        steps = new StepBeans(
                jdbi, clock, beans, new Targets(List.of(target)), new Routers(List.of(router)), smokeTests);
        answers = TakeAnswers.of(clock, beans, gates);
        said = new Said(jdbi);
        others = new OtherServices(clock, said, this::deliver);
        manifests.put("shop", "application: shop".getBytes(StandardCharsets.UTF_8), "mara", Optional.empty());
    }

    /// The same shop elsewhere, with another manifest; closed together with this story.
    public DeployStory another(DeployManifest other) {
        DeployStory story = new DeployStory(other);
        open.add(story);
        return story;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /// Both environments run `v1`, production on blue.
    public DeployStory withV1() {
        adopt("staging", "default");
        adopt("production", "blue");
        target.runs("shop/staging", "default", "v1");
        target.runs("shop/production", "blue", "v1");
        return this;
    }

    /// CI calls a build good. @return the release into staging
    public UUID push(String version) {
        Candidate candidate = new Candidate(
                Ids.next(clock),
                "shop",
                version,
                version,
                "main",
                "pkg:generic/shop@" + version,
                "rafael",
                "github:ines",
                List.of("github:starter", "email:pair@shop.example", "github:ole-configured", "github:oidc-login"),
                null,
                clock.instant());
        return jdbi.inTransaction(tx -> {
            beans.candidates.add(tx, candidate);
            return beans.queue.first(
                    tx,
                    candidate,
                    manifest,
                    manifests.current(tx, "shop").orElseThrow().hash());
        });
    }

    /// Does everything that is due now. @return how much that was
    public int work() {
        return runner().runDue();
    }

    /// The same, by a process that is killed on the way and found dead.
    public void workAndDie() {
        if (!workOrDie()) {
            throw new AssertionError("nothing was killed");
        }
    }

    /// The same, by a process that may be killed. @return whether it was; its lease is over then
    public boolean workOrDie() {
        try {
            work();
            return false;
        } catch (Killed _) {
            clock.advance(LEASE.plusSeconds(1));
            return true;
        }
    }

    public void advance(Duration by) {
        clock.advance(by);
        work();
    }

    /// The release of a version into an environment.
    public Release release(String environment, String version) {
        PageRequest page = PageRequest.of(null, "200", 2);
        return jdbi.withHandle(tx -> beans.releases.page(tx, "shop", environment, null, page)).stream()
                .filter(release -> release.version().equals(version))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no release of " + version + " into " + environment));
    }

    public Release release(UUID id) {
        return jdbi.withHandle(tx -> beans.releases.existing(tx, id));
    }

    public List<Step> plan(UUID release, Direction direction) {
        return jdbi.withHandle(tx -> beans.steps.of(tx, release, direction));
    }

    public Step step(UUID release, StepKind kind) {
        return plan(release, Direction.FORWARD).stream()
                .filter(step -> step.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    /// What each gate said last.
    public List<Kept> gateAnswers(UUID release) {
        return jdbi.withHandle(tx -> gates.answers.latest(tx, release));
    }

    public Kept gate(UUID release, String name) {
        return gateAnswers(release).stream()
                .filter(answer -> answer.gate().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// The step that gives a release this share of the traffic.
    public Step traffic(UUID release, int percent) {
        return plan(release, Direction.FORWARD).stream()
                .filter(step -> step.percent() != null && step.percent() == percent)
                .findFirst()
                .orElseThrow();
    }

    public Decision send(UUID release, ReleaseSignal signal) {
        return jdbi.inTransaction(tx -> beans.signals.send(tx, release, signal));
    }

    public void approve(UUID release, String role, String person) {
        Caller caller = Caller.of(
                person + "-laptop",
                person,
                Set.of("approver:" + role, "approver", "viewer"),
                Set.of("github:" + person));
        jdbi.useTransaction(tx -> gates.approve.approve(tx, release, role, null, caller));
    }

    /// Everything said so far, in order.
    public List<EventData> said() {
        return said.all();
    }

    public <D extends EventData> List<D> said(Class<D> type) {
        return said().stream().filter(type::isInstance).map(type::cast).toList();
    }

    public List<String> ignored(UUID release) {
        return jdbi.withHandle(tx -> beans.history.of(tx, release)).stream()
                .filter(entry -> entry.decision().equals("ignore"))
                .map(entry -> entry.signal() + ": " + entry.why())
                .toList();
    }

    /// From the push until the release into production waits for its approvals.
    public Release soaked(String version) {
        push(version);
        work();
        assertThat(release("staging", version).state().phase()).isEqualTo("completed");
        advance(ShopManifest.SOAK);
        return release("production", version);
    }

    /// … until it has them and its gates were asked again.
    public Release approved(String version) {
        Release release = soaked(version);
        approve(release.id(), "technical-lead", "mara");
        approve(release.id(), "business", "tomas");
        work();
        return release;
    }

    /// … until its plan has started.
    public Release started(String version) {
        Release release = approved(version);
        BackupRequested request = said(BackupRequested.class).getLast();
        others.verified(request.requestId());
        said.sinceHeard();
        work();
        return release(release.id());
    }

    /// … until a step of this kind waits, or is what was done last.
    public Release until(String version, StepKind kind) {
        Release release = started(version);
        for (int turns = 0; step(release.id(), kind).startedAt() == null; turns++) {
            assertThat(turns).as("turns until " + kind).isLessThan(20);
            others.answer();
            advance(Duration.ofSeconds(1));
        }
        return release(release.id());
    }

    /// The strict watch after the last share of the traffic ends well.
    public void endWatch(UUID release) {
        others.watchEnds(release, traffic(release, 100).id());
        work();
    }

    /// Plays the other services until nothing more happens.
    public void carryOn() {
        for (int turns = 0; turns < 20; turns++) {
            others.answer();
            advance(Duration.ofSeconds(1));
        }
    }

    public static TestDatabase database() {
        return TestDatabase.fresh("db/eventing", "db/manifest", "db/migration");
    }

    /// Something that another service said arrives.
    public void deliver(EventData event) {
        jdbi.useTransaction(tx -> TakeAnswers.take(answers, tx, event));
    }

    private void adopt(String environment, String on) {
        UUID id = Ids.next(clock);
        Instant now = clock.instant();
        jdbi.useTransaction(tx -> {
            int number = beans.environments.number(tx, "shop", environment).orElseThrow();
            beans.releases.add(
                    tx,
                    new Release(
                            id,
                            "shop",
                            environment,
                            id,
                            "adopted",
                            "v1",
                            "v1",
                            "pkg:generic/shop@v1",
                            "mara",
                            null,
                            manifests.current(tx, "shop").orElseThrow().hash(),
                            number,
                            0,
                            new Settled(Outcome.COMPLETED, "ran there", new Course(number, now, WayBack.NONE), now),
                            now,
                            now,
                            now,
                            on,
                            null,
                            null,
                            null,
                            null));
            beans.environments.makeCurrent(tx, "shop", environment, id);
        });
    }

    private WorkRunner runner() {
        return new WorkRunner(jdbi, queue, clock, "test", LEASE, List.of(gates.ask, steps.work, beans.promote));
    }

    /// Reads the story's manifest out of any text.
    private final class Given implements ManifestReader<DeployManifest> {
        @Override
        public String service() {
            return Catalogue.DEPLOY;
        }

        @Override
        public DeployManifest read(ManifestNode root, Faults faults) {
            root.text("application");
            return manifest;
        }
    }
}
