package dev.slipway.deploy;

import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.manifest.DeployManifest.Webhooks;
import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.manifest.Environment.Announce;
import dev.slipway.deploy.manifest.Environment.BackupGate;
import dev.slipway.deploy.manifest.Environment.BackupStep;
import dev.slipway.deploy.manifest.Environment.Gates;
import dev.slipway.deploy.manifest.Environment.RouterSpec;
import dev.slipway.deploy.manifest.Environment.Traffic;
import dev.slipway.deploy.manifest.SmokeSuite;
import dev.slipway.deploy.manifest.TargetSpec;
import dev.slipway.deploy.manifest.TargetSpec.Command;
import dev.slipway.deploy.manifest.TargetSpec.Migration;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.target.FakeTarget;
import dev.slipway.deploy.traffic.FakeRouter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// A shop with a staging and a production environment, to be released into the fakes.
public final class ShopManifest {
    public static final Duration SOAK = Duration.ofHours(24);
    public static final Duration STRICT = Duration.ofHours(1);
    public static final List<StepKind> STAGING_PLAN =
            List.of(StepKind.MIGRATE, StepKind.VERIFY_SCHEMA, StepKind.DEPLOY, StepKind.SMOKE);
    public static final List<StepKind> PRODUCTION_PLAN = List.of(
            StepKind.ANNOUNCE,
            StepKind.MAINTENANCE_ON,
            StepKind.BACKUP,
            StepKind.MIGRATE,
            StepKind.VERIFY_SCHEMA,
            StepKind.DEPLOY,
            StepKind.SMOKE,
            StepKind.MAINTENANCE_OFF,
            StepKind.TRAFFIC,
            StepKind.WATCH);

    private ShopManifest() {}

    public static DeployManifest shop() {
        return shop(true);
    }

    /// @param backwardCompatible of the migration
    public static DeployManifest shop(boolean backwardCompatible) {
        return new DeployManifest(
                "shop",
                "acme/shop",
                "pkg:generic/shop@${commit}",
                new Webhooks(null),
                List.of(staging(), production(backwardCompatible)),
                List.of(new SmokeSuite("orders", List.of())));
    }

    public static Environment staging() {
        return new Environment(
                "staging",
                "http://staging",
                target(true, new LinkedHashMap<>()),
                null,
                Gates.none(),
                STAGING_PLAN,
                "orders",
                null,
                null,
                null);
    }

    public static Environment production(boolean backwardCompatible) {
        SequencedMap<String, String> colours = new LinkedHashMap<>();
        colours.put("blue", "http://blue");
        colours.put("green", "http://green");
        return new Environment(
                "production",
                "http://edge",
                target(backwardCompatible, colours),
                new RouterSpec(FakeRouter.TYPE, "http://edge/admin", "token"),
                new Gates(
                        SOAK,
                        List.of("technical-lead", "business"),
                        new BackupGate("shop", Duration.ofHours(2), 1, "restore", Duration.ofMinutes(5)),
                        Map.of("soak", "technical-lead", "backup", "technical-lead")),
                PRODUCTION_PLAN,
                "orders",
                new Announce("release-started", Duration.ofMinutes(1)),
                new BackupStep("shop", 1, "restore", Duration.ofMinutes(5)),
                new Traffic(List.of(10, 50, 100), Duration.ofSeconds(15), Duration.ofMinutes(5), "hold", STRICT));
    }

    private static TargetSpec target(boolean backwardCompatible, SequencedMap<String, String> colours) {
        Command command = new Command(List.of("script.sh"), Duration.ofSeconds(40));
        return new TargetSpec(
                FakeTarget.TYPE,
                Map.of(),
                command,
                command,
                new Migration(command.command(), command.timeout(), backwardCompatible),
                command,
                colours);
    }
}
