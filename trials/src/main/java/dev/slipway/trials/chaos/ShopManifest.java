package dev.slipway.trials.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;

/// The demo's manifest with fewer steps and more patience: nobody approves, and whoever waits for an
/// answer waits through every outage.
final class ShopManifest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String PATIENCE = "PT15M";

    private ShopManifest() {}

    /// @param demo the demo's manifest; @param lab one of the lab's, for whom to tell of what
    static String of(Path demo, String lab) throws IOException {
        ObjectNode manifest = (ObjectNode) YAML.readTree(demo.toFile());
        for (JsonNode each : manifest.path("environments")) {
            var target = (ObjectNode) each.path("target");
            for (String command : new String[] {"deploy", "running", "migrate", "schemaVersion"}) {
                ((ObjectNode) target.path(command)).put("timeout", "PT2M");
            }
            if (each.path("name").asText().equals("production")) {
                production((ObjectNode) each);
            }
        }
        // Whether the shop is quick is not what this is about, and the machine is busy.
        manifest.path("smokeTests")
                .forEach(suite -> suite.path("steps").forEach(step -> ((ObjectNode) step).remove("within")));
        JsonNode told = YAML.readTree(lab);
        manifest.set("audiences", audiences(told));
        manifest.set("notices", told.path("notices"));
        return YAML.writeValueAsString(manifest);
    }

    private static void production(ObjectNode production) {
        ((ObjectNode) production.path("gates")).remove("approvals");
        ((ObjectNode) production.path("gates")).put("soak", "PT2S");
        ((ObjectNode) production.path("gates").path("backup"))
                .put("timeout", PATIENCE)
                .put("proof", "readback");
        ((ObjectNode) production.path("announce")).put("timeout", PATIENCE);
        ((ObjectNode) production.path("backup")).put("timeout", PATIENCE);
        var traffic = (ObjectNode) production.path("traffic");
        traffic.put("maxDuration", PATIENCE);
        traffic.putArray("steps").add(25).add(60).add(100);
    }

    private static ArrayNode audiences(JsonNode told) {
        ArrayNode audiences = ((ArrayNode) told.path("audiences")).deepCopy();
        var team = (ObjectNode) audiences.get(0);
        team.putArray("email").add("team@shop.example");
        team.putArray("slack").add("${env:%s}".formatted(LabManifest.hook("shop")));
        return audiences;
    }
}
