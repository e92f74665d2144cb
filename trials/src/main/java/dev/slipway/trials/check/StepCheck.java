package dev.slipway.trials.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Every step's effect is there, once per key. What ran again under its key, because nobody knew whether
/// it had run, is counted apart.
final class StepCheck {
    private static final Set<String> BY_SCRIPT = Set.of("deploy", "migrate", "redeploy");

    private StepCheck() {}

    static void check(Evidence evidence, Findings findings) {
        Map<String, Set<String>> runs = new HashMap<>();
        evidence.effects().stream()
                .filter(effect -> effect.moment().equals("effect"))
                .forEach(effect -> runs.computeIfAbsent(effect.step(), _ -> new HashSet<>())
                        .add(effect.run()));
        Set<String> known = new HashSet<>();
        for (JsonNode release : evidence.releases()) {
            if (evidence.isLab(release.path("application").asText())) {
                for (String plan : new String[] {"plan", "compensation"}) {
                    for (JsonNode step : release.path(plan)) {
                        known.add(step.path("id").asText());
                        step(
                                release,
                                step,
                                runs.getOrDefault(step.path("id").asText(), Set.of())
                                        .size(),
                                findings);
                    }
                }
            }
        }
        evidence.effects().stream()
                .filter(effect -> !known.contains(effect.step()))
                .forEach(effect -> findings.difference(
                        "an effect in %s came under the key %s, which is no step's",
                        effect.environment(), effect.step()));
    }

    private static void step(JsonNode release, JsonNode step, int effects, Findings findings) {
        if (!BY_SCRIPT.contains(step.path("kind").asText())) {
            return;
        }
        String state = step.path("state").asText();
        String name = "%s of %s".formatted(step.path("name").asText(), ReleaseCheck.name(release));
        int attempts = step.path("attempts").asInt();
        findings.count("effects of steps", Math.min(1, effects));
        findings.count("effects that came again under their key", Math.max(0, effects - 1));
        if (state.equals("done") && effects == 0) {
            findings.difference("%s is said to be done and has no effect", name);
        }
        if (Set.of("pending", "skipped").contains(state) && effects > 0) {
            findings.difference("%s is %s and had its effect", name, state);
        }
        if (effects > Math.max(1, attempts)) {
            findings.difference("%s had its effect %d times and was begun %d times", name, effects, attempts);
        }
    }
}
