package dev.slipway.deploy.manifest;

import static dev.slipway.deploy.plan.StepKind.ANNOUNCE;
import static dev.slipway.deploy.plan.StepKind.BACKUP;
import static dev.slipway.deploy.plan.StepKind.DEPLOY;
import static dev.slipway.deploy.plan.StepKind.MAINTENANCE_OFF;
import static dev.slipway.deploy.plan.StepKind.MAINTENANCE_ON;
import static dev.slipway.deploy.plan.StepKind.MIGRATE;
import static dev.slipway.deploy.plan.StepKind.SMOKE;
import static dev.slipway.deploy.plan.StepKind.TRAFFIC;
import static dev.slipway.deploy.plan.StepKind.VERIFY_SCHEMA;
import static dev.slipway.deploy.plan.StepKind.WATCH;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.manifest.ManifestNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What must be true of an environment's plan: every step has what it needs, nothing is described that no step uses,
/// and the order leads to an end that serves users.
final class PlanRules {
    private final ManifestNode node;
    private final Environment environment;
    private final List<StepKind> plan;

    private PlanRules(ManifestNode node, Environment environment) {
        this.node = node;
        this.environment = environment;
        this.plan = environment.plan();
    }

    /// Records every fault at the environment's node.
    static void check(ManifestNode node, Environment environment) {
        PlanRules rules = new PlanRules(node, environment);
        if (rules.plan.isEmpty()) {
            return;
        }
        rules.once();
        rules.order();
        rules.needs();
    }

    private void once() {
        Set<StepKind> seen = EnumSet.noneOf(StepKind.class);
        for (StepKind step : plan) {
            if (!seen.add(step)) {
                fault("has '%s' twice".formatted(step.tag()));
            }
        }
    }

    private void order() {
        if (!plan.contains(DEPLOY)) {
            fault("has no step 'deploy'");
        }
        bothOrNone(MAINTENANCE_ON, MAINTENANCE_OFF);
        bothOrNone(TRAFFIC, WATCH);
        before(MAINTENANCE_ON, MAINTENANCE_OFF);
        before(MIGRATE, VERIFY_SCHEMA);
        before(DEPLOY, SMOKE);
        before(DEPLOY, TRAFFIC);
        before(SMOKE, TRAFFIC);
        before(MAINTENANCE_OFF, TRAFFIC);
        before(TRAFFIC, WATCH);
        if (plan.contains(WATCH) && plan.getLast() != WATCH) {
            fault("must end with 'watch'");
        }
    }

    private void needs() {
        TargetSpec target = environment.target();
        step(MIGRATE, "target.migrate", target == null ? null : target.migrate());
        step(VERIFY_SCHEMA, "target.schemaVersion", target == null ? null : target.schemaVersion());
        step(MAINTENANCE_ON, "router", environment.router());
        step(TRAFFIC, "router", environment.router());
        if (target != null && plan.contains(TRAFFIC) && target.colours().isEmpty()) {
            fault("has the step 'traffic', which needs target.colours");
        }
        stepAndSection(ANNOUNCE, "announce", environment.announce());
        stepAndSection(BACKUP, "backup", environment.backup());
        stepAndSection(SMOKE, "smoke", environment.smoke());
        stepAndSection(TRAFFIC, "traffic", environment.traffic());
    }

    private void bothOrNone(StepKind one, StepKind other) {
        if (plan.contains(one) != plan.contains(other)) {
            fault("has only one of '%s' and '%s'".formatted(one.tag(), other.tag()));
        }
    }

    private void before(StepKind early, StepKind late) {
        if (plan.contains(early) && plan.contains(late) && plan.indexOf(early) > plan.indexOf(late)) {
            fault("has '%s' before '%s'".formatted(late.tag(), early.tag()));
        }
    }

    private void stepAndSection(StepKind step, String section, @Nullable Object value) {
        step(step, section, value);
        if (!plan.contains(step) && node.has(section)) {
            node.fault(section, "is never used: the plan has no step '%s'".formatted(step.tag()));
        }
    }

    private void step(StepKind step, String section, @Nullable Object value) {
        if (plan.contains(step) && value == null && !present(section)) {
            fault("has the step '%s', which needs %s".formatted(step.tag(), section));
        }
    }

    /// A section that is there but faulty has been told of already.
    private boolean present(String section) {
        return section.startsWith("target.") ? environment.target() == null : node.has(section);
    }

    private void fault(String message) {
        node.fault("plan", message);
    }
}
