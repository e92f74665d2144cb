package dev.slipway.deploy.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.ShopManifest;
import dev.slipway.deploy.manifest.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final Environment PRODUCTION = ShopManifest.production(true);
    private static final Environment STAGING = ShopManifest.staging();

    @Test
    void shouldPlanEveryStepInOrderAndOneForEachShareOfTheTraffic() {
        List<PlannedStep> plan = Planner.forward(PRODUCTION);

        assertThat(plan)
                .extracting(PlannedStep::name)
                .containsExactly(
                        "announce release-started",
                        "maintenance on",
                        "back up shop",
                        "migrate",
                        "verify the schema's version",
                        "deploy",
                        "smoke tests orders",
                        "maintenance off",
                        "traffic 10 %",
                        "traffic 50 %",
                        "traffic 100 %",
                        "strict watch");
        assertThat(plan)
                .extracting(PlannedStep::percent)
                .filteredOn(percent -> percent != null)
                .containsExactly(10, 50, 100);
    }

    @Test
    void shouldGiveEveryStepATime() {
        assertThat(Planner.forward(PRODUCTION)).allMatch(step -> step.limit().isPositive());
        PlannedStep watch = Planner.forward(PRODUCTION).getLast();
        assertThat(watch.limit()).isGreaterThan(ShopManifest.STRICT);
        assertThat(Planner.forward(STAGING).getFirst().limit()).isGreaterThan(Duration.ofSeconds(40));
    }

    @Test
    void shouldUndoNothingWhenNothingWasDone() {
        assertThat(back(PRODUCTION, Map.of(), "blue", true)).isEmpty();
        assertThat(back(PRODUCTION, Map.of(StepKind.ANNOUNCE, StepState.DONE), "blue", true))
                .isEmpty();
    }

    @Test
    void shouldSwitchMaintenanceOffWhenItMayBeOn() {
        assertThat(back(PRODUCTION, Map.of(StepKind.MAINTENANCE_ON, StepState.RUNNING), "blue", true))
                .containsExactly(StepKind.MAINTENANCE_OFF);
        assertThat(back(PRODUCTION, Map.of(StepKind.MAINTENANCE_ON, StepState.BROKEN), null, false))
                .containsExactly(StepKind.MAINTENANCE_OFF);
        assertThat(back(
                        PRODUCTION,
                        Map.of(StepKind.MAINTENANCE_ON, StepState.DONE, StepKind.MAINTENANCE_OFF, StepState.BROKEN),
                        "blue",
                        true))
                .containsExactly(StepKind.MAINTENANCE_OFF);
    }

    @Test
    void shouldTakeTrafficBackWhenSomeMayHaveBeenShifted() {
        Map<StepKind, StepState> shifted = Map.of(
                StepKind.MAINTENANCE_ON, StepState.DONE,
                StepKind.MAINTENANCE_OFF, StepState.DONE,
                StepKind.DEPLOY, StepState.DONE,
                StepKind.TRAFFIC, StepState.STOPPED);

        assertThat(back(PRODUCTION, shifted, "blue", true)).containsExactly(StepKind.TRAFFIC_BACK);
        assertThat(back(PRODUCTION, shifted, "blue", false)).isEmpty();
        assertThat(back(PRODUCTION, shifted, null, true)).isEmpty();
    }

    @Test
    void shouldDeployTheReleaseBeforeAgainWhereThereIsOneTarget() {
        Map<StepKind, StepState> deployed = Map.of(StepKind.DEPLOY, StepState.BROKEN);

        assertThat(back(STAGING, deployed, "default", true)).containsExactly(StepKind.REDEPLOY);
        assertThat(back(PRODUCTION, deployed, "blue", true)).isEmpty();
        assertThat(back(STAGING, Map.of(StepKind.MIGRATE, StepState.DONE), "default", true))
                .isEmpty();
    }

    private static List<StepKind> back(
            Environment environment, Map<StepKind, StepState> states, String previous, boolean everything) {
        List<Step> forward = new ArrayList<>();
        for (PlannedStep planned : Planner.forward(environment)) {
            forward.add(step(planned, states.getOrDefault(planned.kind(), StepState.PENDING), forward.size() + 1));
        }
        return Planner.back(environment, forward, previous, everything).stream()
                .map(PlannedStep::kind)
                .toList();
    }

    private static Step step(PlannedStep planned, StepState state, int seq) {
        return new Step(
                UUID.randomUUID(),
                UUID.randomUUID(),
                Direction.FORWARD,
                seq,
                planned.kind(),
                planned.name(),
                planned.percent(),
                planned.limit(),
                state,
                1,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null);
    }
}
