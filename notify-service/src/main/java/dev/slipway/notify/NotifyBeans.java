package dev.slipway.notify;

import dev.slipway.notify.audience.EmailAddress;
import dev.slipway.notify.channel.EmailChannel;
import dev.slipway.notify.channel.MailServerAccess;
import dev.slipway.notify.channel.Patience;
import dev.slipway.notify.channel.SlackChannel;
import dev.slipway.notify.notice.BackOff;
import dev.slipway.notify.notice.NoticeSettings;
import dev.slipway.outbound.OutboundHttp;
import io.quarkus.mailer.runtime.MailerRuntimeConfig;
import io.quarkus.mailer.runtime.Mailers;
import io.quarkus.mailer.runtime.MailersRuntimeConfig;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/// Puts the channels together from the configuration.
@Singleton
final class NotifyBeans {
    @Produces
    @Singleton
    EmailChannel email(
            Vertx vertx, MailersRuntimeConfig mailers, TlsConfigurationRegistry registry, NotifyConfig config) {
        MailerRuntimeConfig mailer = mailers.mailers().get(Mailers.DEFAULT_MAILER_NAME);
        Optional<TlsConfiguration> tls = mailer.tlsConfigurationName()
                .map(name -> registry.get(name)
                        .orElseThrow(() -> new IllegalStateException("there is no TLS configuration '" + name + "'")))
                .or(registry::getDefault);
        Duration deadline = config.email().attemptTimeout();
        return new EmailChannel(
                MailServerAccess.of(vertx, mailer, tls, deadline),
                EmailAddress.parse(mailer.from().orElseThrow()),
                deadline);
    }

    @Produces
    @Singleton
    SlackChannel slack(OutboundHttp http, NotifyConfig config) {
        return new SlackChannel(http, config.slack().attemptTimeout());
    }

    @Produces
    @Singleton
    NoticeSettings settings(NotifyConfig config) {
        return new NoticeSettings(
                new Patience(config.email().attemptTimeout(), config.email().giveUpAfter()),
                new Patience(config.slack().attemptTimeout(), config.slack().giveUpAfter()),
                new BackOff(config.retry().first(), config.retry().longest()));
    }
}
