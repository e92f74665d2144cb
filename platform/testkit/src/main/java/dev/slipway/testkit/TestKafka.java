package dev.slipway.testkit;

import java.util.Map;

/// One real broker per test JVM, with the suite's topics. It is shared and stays up; a test whose broker goes away has
/// one of its own ([TestBroker]).
public final class TestKafka {
    private TestKafka() {}

    /// Address of the broker; the first call starts it.
    public static String bootstrapServers() {
        return Shared.BROKER.bootstrapServers();
    }

    /// A further broker, whose listener lets in nobody without a certificate and a password (`SASL_SSL`).
    ///
    /// @param listener settings of that listener: keys, whom it trusts, users
    public static TestBroker secured(Map<String, String> listener) {
        return TestBroker.started(listener);
    }

    private static final class Shared {
        static final TestBroker BROKER = start();

        private static TestBroker start() {
            TestBroker broker = TestBroker.started();
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
            return broker;
        }
    }
}
