package dev.slipway.trials.check;

import com.fasterxml.jackson.databind.JsonNode;

/// What was done to the suite, and that all of it stands again.
final class FaultsDone {
    private FaultsDone() {}

    static void count(Evidence evidence, Findings findings) {
        for (JsonNode fault : evidence.faults()) {
            boolean done = !fault.path("outcome").asText().startsWith("passed over")
                    && !fault.path("outcome").asText().startsWith("not done");
            findings.count(done ? name(fault) : "faults passed over", 1);
        }
        for (JsonNode process : evidence.processes()) {
            findings.count("processes started again", process.path("restarts").asLong());
            if (!process.path("state").asText().equals("Ready")) {
                findings.difference(
                        "%s is %s at the end",
                        process.path("process").asText(), process.path("state").asText());
            }
        }
    }

    private static String name(JsonNode fault) {
        String victim = fault.path("victim").asText();
        return switch (fault.path("kind").asText()) {
            case "Kill" -> "kills with -9";
            case "Outage" -> victim.equals("kafka") ? "outages of the broker" : "outages of the database";
            case "Freeze" -> "processes frozen";
            case "Resend" -> "times old records were sent again";
            default -> "bad moods of receivers";
        };
    }
}
