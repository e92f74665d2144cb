package dev.slipway.notify;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// The knobs of this service. The mail server's are `quarkus.mailer.*`.
@ConfigMapping(prefix = "slipway.notify")
interface NotifyConfig {
    Email email();

    Slack slack();

    Retry retry();

    interface Email {
        /// One attempt, from the connection to the answer.
        @WithDefault("PT20S")
        Duration attemptTimeout();

        /// From a notice's making to its being given up.
        @WithDefault("PT24H")
        Duration giveUpAfter();
    }

    interface Slack {
        /// One attempt, from the connection to the answer.
        @WithDefault("PT10S")
        Duration attemptTimeout();

        /// From a notice's making to its being given up.
        @WithDefault("PT6H")
        Duration giveUpAfter();
    }

    interface Retry {
        /// The wait after the first attempt; it doubles with every further one.
        @WithDefault("PT1S")
        Duration first();

        /// The longest wait between two attempts.
        @WithDefault("PT5M")
        Duration longest();
    }
}
