package dev.slipway.deploy.release;

import dev.slipway.deploy.candidate.Candidates;
import dev.slipway.deploy.environment.Environments;
import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.plan.Steps;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.manifest.Manifests;
import java.time.Clock;

/// The beans of this package, put together by hand.
public final class ReleaseBeans {
    public final Releases releases = new Releases();
    public final Environments environments = new Environments();
    public final Candidates candidates = new Candidates();
    public final History history = new History();
    public final Steps steps;
    public final ReleaseManifests manifests;
    public final ReleaseEvents events;
    public final ReleaseWork work;
    public final SignalRelease signals;
    public final QueueRelease queue;
    public final StartRelease start;
    public final PromoteRelease promote;

    public ReleaseBeans(Clock clock, WorkQueue workQueue, EventWriter writer, Manifests<DeployManifest> known) {
        steps = new Steps(clock);
        manifests = new ReleaseManifests(known);
        events = new ReleaseEvents(writer);
        work = new ReleaseWork(workQueue);
        Consequences consequences = new Consequences(releases, steps, environments, manifests, events, work);
        signals = new SignalRelease(releases, history, consequences, clock);
        queue = new QueueRelease(releases, candidates, steps, events, work, signals, clock);
        start = new StartRelease(releases, environments, manifests, signals, clock);
        promote = new PromoteRelease(releases, candidates, manifests, queue);
    }
}
