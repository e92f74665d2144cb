package dev.slipway.notify;

import dev.slipway.testkit.TestClock;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;

/// A real mail server and a real receiver of Slack's posts for Quarkus tests, the references that lead to them, tokens
/// for a person of each role, and a clock that is turned by hand.
public final class Receivers implements QuarkusTestResourceLifecycleManager {
    static final MailServer MAIL = MailServer.onFreePort();
    static final SlackReceiver SLACK = new SlackReceiver();

    /// The tokens' values are their names.
    @Override
    public Map<String, String> start() {
        MAIL.start();
        return Map.ofEntries(
                Map.entry("quarkus.mailer.host", "127.0.0.1"),
                Map.entry("quarkus.mailer.port", Integer.toString(MAIL.port())),
                Map.entry("quarkus.mailer.from", "slipway@suite.example"),
                Map.entry("slipway.notify.slack.attempt-timeout", "PT2S"),
                Map.entry("slipway.notify.email.attempt-timeout", "PT10S"),
                Map.entry("SLIPWAY_REF_SLACK", SLACK.url("/T1/B2/s3cr3t")),
                Map.entry("SLIPWAY_REF_CUSTOMERS", "customers@shop.example"),
                Map.entry("SLIPWAY_REF_TORN", "torn@shop.example\nBcc: all@shop.example"),
                Map.entry("slipway.access.tokens[0].name", "viewer"),
                Map.entry(
                        "slipway.access.tokens[0].sha256",
                        "d35ca5051b82ffc326a3b0b6574a9a3161dee16b9478a199ee39cd803ce5b799"),
                Map.entry("slipway.access.tokens[0].roles", "viewer"),
                Map.entry("slipway.access.tokens[1].name", "ci"),
                Map.entry(
                        "slipway.access.tokens[1].sha256",
                        "1b158839f8aa339e89bb50b1603e90ec68e0fd5565fe10a7cb32729fddf7070a"),
                Map.entry("slipway.access.tokens[1].roles", "ci"),
                Map.entry("slipway.access.tokens[2].name", "operator"),
                Map.entry(
                        "slipway.access.tokens[2].sha256",
                        "06e55b633481f7bb072957eabcf110c972e86691c3cfedabe088024bffe42f23"),
                Map.entry("slipway.access.tokens[2].roles", "operator"),
                Map.entry("slipway.access.tokens[3].name", "approver"),
                Map.entry(
                        "slipway.access.tokens[3].sha256",
                        "7a023df6bf29324d9c2dd30086dc8aca140029e59a353152e05480d132d6ed85"),
                Map.entry("slipway.access.tokens[3].roles", "approver:technical-lead"),
                Map.entry("slipway.access.tokens[4].name", "admin"),
                Map.entry(
                        "slipway.access.tokens[4].sha256",
                        "8c6976e5b5410415bde908bd4dee15dfb167a9c873fc4bb8a81f6f2ab448a918"),
                Map.entry("slipway.access.tokens[4].roles", "admin"),
                // Tries what it may not, until nobody listens; `mallory-token`.
                Map.entry("slipway.access.tokens[5].name", "mallory"),
                Map.entry(
                        "slipway.access.tokens[5].sha256",
                        "2f506800efbddd702d3f168cf28b979b721503c53ec16df5415863e99cf4c497"),
                Map.entry("slipway.access.tokens[5].roles", "viewer"),
                Map.entry("slipway.limits.refusals", "120"),
                Map.entry("slipway.audit.sealing", "true"));
    }

    @Override
    public void stop() {
        MAIL.stop();
    }

    @Singleton
    public static final class Time {
        @Produces
        @Singleton
        @Alternative
        @Priority(1)
        public TestClock clock() {
            return TestClock.at("2026-03-01T10:00:00Z");
        }
    }
}
