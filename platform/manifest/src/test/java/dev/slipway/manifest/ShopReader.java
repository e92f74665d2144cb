package dev.slipway.manifest;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A reader such as services have: some objects, some lists, some rules between them.
@Singleton
final class ShopReader implements ManifestReader<ShopReader.Shop> {
    enum Proof {
        READBACK,
        FULL_RESTORE
    }

    record Shop(List<Database> databases) {}

    record Database(
            String name,
            String password,
            int connections,
            Proof proof,
            Optional<Duration> maxAge,
            List<Schedule> schedules) {
        Database {
            if (name.equals("template1")) {
                throw new IllegalArgumentException("template1 is no database of yours");
            }
        }
    }

    record Schedule(String name, String cron, ZoneId zone, Map<String, String> labels) {}

    @Override
    public String service() {
        return "backup-service";
    }

    @Override
    public Shop read(ManifestNode root, Faults faults) {
        Set<String> names = root.namesIn("databases");
        return new Shop(root.optionalNamed("databases", node -> database(node, names)));
    }

    private static Database database(ManifestNode node, Set<String> names) {
        node.optionalText("copyOf")
                .filter(other -> !names.contains(other))
                .ifPresent(other -> node.fault("copyOf", "there is no database '%s'".formatted(other)));
        return new Database(
                node.name("name"),
                node.secret("password"),
                node.integer("connections", 1, 50, 5),
                node.oneOf("proof", Proof.class, Proof.READBACK),
                node.optionalDuration("maxAge"),
                node.optionalNamed("schedules", ShopReader::schedule));
    }

    private static Schedule schedule(ManifestNode node) {
        return new Schedule(node.name("name"), node.cron("cron"), node.zone("zone"), node.optionalTextMap("labels"));
    }
}
