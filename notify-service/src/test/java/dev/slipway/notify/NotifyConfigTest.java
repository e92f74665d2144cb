package dev.slipway.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappingInterface.LeafProperty;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NotifyConfigTest {
    @Test
    void shouldHaveTheseKnobsWithTheseDefaults() {
        Map<String, String> knobs = new TreeMap<>();
        ConfigMappings.getProperties(ConfigClass.configClass(NotifyConfig.class))
                .forEach((name, property) -> {
                    if (property instanceof LeafProperty leaf) {
                        knobs.put(name, leaf.hasDefaultValue() ? leaf.getDefaultValue() : "none");
                    }
                });

        assertThat(knobs)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "slipway.notify.email.attempt-timeout", "PT20S",
                        "slipway.notify.email.give-up-after", "PT24H",
                        "slipway.notify.slack.attempt-timeout", "PT10S",
                        "slipway.notify.slack.give-up-after", "PT6H",
                        "slipway.notify.retry.first", "PT1S",
                        "slipway.notify.retry.longest", "PT5M"));
    }
}
