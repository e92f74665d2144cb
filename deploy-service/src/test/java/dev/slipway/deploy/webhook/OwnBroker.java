package dev.slipway.deploy.webhook;

import dev.slipway.testkit.TestBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/// A broker the test may stop (a field of type [TestBroker] gets it), and pumps that move.
public final class OwnBroker implements QuarkusTestResourceLifecycleManager {
    private final TestBroker broker = TestBroker.started();

    @Override
    public Map<String, String> start() {
        return Map.of("kafka.bootstrap.servers", broker.bootstrapServers(), "slipway.pumps.enabled", "true");
    }

    @Override
    public void inject(TestInjector fields) {
        fields.injectIntoFields(broker, new TestInjector.MatchesType(TestBroker.class));
    }

    /// After the ones of every test, whose settings it changes.
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void stop() {
        broker.close();
    }
}
