package dev.slipway.monitor.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CounterSelectorTest {

    @Test
    void shouldFindTheVersionInsideALabel() {
        CounterSelector selector =
                CounterSelector.of("up", Map.of("pod", "shop-${version}-[a-z0-9]{5}", "job", "shop|store"));

        assertThat(selector.version("up", Map.of("pod", "shop-1.4.2-x7k2p", "job", "store")))
                .contains("1.4.2");
        assertThat(selector.version("up", Map.of("pod", "shop-1.4.2-x7k2p", "job", "stores")))
                .isEmpty();
        assertThat(selector.version("up", Map.of("pod", "shop-1.4.2-x7k2p"))).isEmpty();
        assertThat(selector.version("down", Map.of("pod", "shop-1.4.2-x7k2p", "job", "store")))
                .isEmpty();
    }

    @Test
    void shouldTakeAMissingLabelForAnEmptyOne() {
        CounterSelector selector = CounterSelector.of("up", Map.of("version", "${version}", "canary", ""));

        assertThat(selector.version("up", Map.of("version", "v1"))).contains("v1");
        assertThat(selector.version("up", Map.of("version", "v1", "canary", "yes")))
                .isEmpty();
    }

    @Test
    void shouldWantExactlyOneVersion() {
        assertThatThrownBy(() -> CounterSelector.of("up", Map.of("job", "shop")))
                .hasMessage("exactly one label must hold ${version}, not 0 of them");
        assertThatThrownBy(() -> CounterSelector.of("up", Map.of("a", "${version}", "b", "${version}")))
                .hasMessage("exactly one label must hold ${version}, not 2 of them");
        assertThatThrownBy(() -> CounterSelector.of("up", Map.of("a", "${version}${version}")))
                .hasMessageStartingWith("label 'a' is no regular expression");
    }

    @Test
    void shouldRefuseWhatIsNoExpression() {
        assertThatThrownBy(() -> CounterSelector.of("up", Map.of("version", "${version}", "status", "5..(")))
                .hasMessageStartingWith("label 'status' is no regular expression: ");
    }
}
