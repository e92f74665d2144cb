package dev.slipway.deploy.step;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.ReleaseBeans;
import dev.slipway.deploy.smoke.SmokeTests;
import dev.slipway.deploy.target.Targets;
import dev.slipway.deploy.traffic.Routers;
import dev.slipway.events.EventData;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The beans of this package, put together by hand, with a process that can be killed at the worst moment.
public final class StepBeans {
    public final StepWork work;
    private @Nullable StepKind killAfter;
    private @Nullable StepKind duringKind;
    private @Nullable Runnable during;

    public StepBeans(
            Jdbi jdbi, Clock clock, ReleaseBeans beans, Targets targets, Routers routers, SmokeTests smokeTests) {
        List<StepHandler> handlers = Stream.of(
                        new AnnounceStep(),
                        new MaintenanceSteps(routers, clock),
                        new BackupStep(),
                        new SchemaSteps(targets),
                        new DeploySteps(targets),
                        new SmokeStep(smokeTests, clock),
                        new TrafficSteps(routers, clock),
                        new WatchStep())
                .<StepHandler>map(Killable::new)
                .toList();
        work = new StepWork(
                jdbi,
                clock,
                new BeginStep(beans.releases, beans.steps, beans.manifests, beans.signals, beans.events, clock),
                new RecordStep(
                        beans.releases,
                        beans.steps,
                        beans.signals,
                        beans.events,
                        beans.work,
                        clock,
                        new StepMetrics(new SimpleMeterRegistry())),
                handlers);
    }

    /// The next step of this kind has its effect outside, and then the process dies before that is written down.
    public void killAfter(StepKind kind) {
        killAfter = kind;
    }

    /// Happens while the next step of this kind is at work.
    public void during(StepKind kind, Runnable what) {
        duringKind = kind;
        during = what;
    }

    public boolean waitsToHappen() {
        return during != null;
    }

    /// A kill: nothing catches it.
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final class Killable implements StepHandler {
        private final StepHandler real;

        Killable(StepHandler real) {
            this.real = real;
        }

        @Override
        public Set<StepKind> kinds() {
            return real.kinds();
        }

        @Override
        public List<EventData> beginning(StepContext context) {
            return real.beginning(context);
        }

        @Override
        public StepResult run(StepContext context) {
            StepResult result = real.run(context);
            Runnable meanwhile = during;
            if (meanwhile != null && context.step().kind() == duringKind) {
                during = null;
                meanwhile.run();
            }
            if (context.step().kind() == killAfter) {
                killAfter = null;
                throw new Killed();
            }
            return result;
        }
    }
}
