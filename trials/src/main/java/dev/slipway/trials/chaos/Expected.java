package dev.slipway.trials.chaos;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/// Tells the check how the applications are set up, as somebody who wrote their manifests knows it.
final class Expected {
    private static final List<String> SITUATIONS = List.of(
            "release-started",
            "release-completed",
            "release-failed",
            "release-cancelled",
            "release-rolled-back",
            "release-held");

    private final Path folder;
    private final List<String> lab;

    /// @param lab names of the lab's applications
    Expected(Path folder, List<String> lab) {
        this.folder = folder;
        this.lab = List.copyOf(lab);
    }

    ObjectNode json() {
        ObjectNode expected = Journal.line();
        expected.put("backups", folder.resolve("suite/backups").toString());
        ObjectNode inLab = expected.putObject("lab");
        ObjectNode environments = expected.putObject("environments");
        ObjectNode routes = expected.putObject("routes");
        for (String application : lab) {
            inLab.put(application, true);
            Lab.ENVIRONMENTS.forEach(environments.putArray(application)::add);
            route(routes, application);
        }
        environments.putArray(Ground.SHOP).add("staging").add("production");
        route(routes, Ground.SHOP);
        return expected;
    }

    private static void route(ObjectNode routes, String application) {
        ObjectNode route = routes.putObject(application);
        route.put("mail", "team@%s.example".formatted(application));
        route.put("hook", application);
        ArrayNode situations = route.putArray("situations");
        SITUATIONS.forEach(situations::add);
    }
}
