package dev.slipway.notify.channel;

import io.quarkus.mailer.runtime.MailerRuntimeConfig;
import io.quarkus.tls.TlsConfiguration;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.StartTLSOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Opens one client of the mail server per attempt.
///
/// A shared client keeps a pool whose last connection may be closed in the moment the next mail asks for one; that
/// mail then never gets an answer. And a server that accepts connections but says nothing fills the pool for good,
/// because the client sets no time limit. A client of its own, closed after the attempt, has neither fault; mails here
/// are few.
public final class MailServerAccess {
    private final Vertx vertx;
    private final MailConfig config;

    private MailServerAccess(Vertx vertx, MailConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /// Access as `quarkus.mailer.*` describes it: host, port, login, TLS.
    ///
    /// @param tls the named or the default TLS configuration, where there is one
    /// @param deadline of one attempt
    public static MailServerAccess of(
            Vertx vertx, MailerRuntimeConfig mailer, Optional<TlsConfiguration> tls, Duration deadline) {
        MailConfig config = new MailConfig()
                .setHostname(mailer.host())
                .setLogin(LoginOption.valueOf(mailer.login().toUpperCase(Locale.ROOT)))
                .setStarttls(StartTLSOptions.valueOf(mailer.startTLS().toUpperCase(Locale.ROOT)))
                .setSsl(mailer.tls().orElse(mailer.ssl()))
                .setTrustAll(mailer.trustAll().orElse(false))
                .setDisableEsmtp(mailer.disableEsmtp())
                .setPipelining(mailer.pipelining());
        mailer.port().ifPresent(config::setPort);
        mailer.username().ifPresent(config::setUsername);
        mailer.password().ifPresent(config::setPassword);
        mailer.authMethods().ifPresent(config::setAuthMethods);
        mailer.ownHostName().ifPresent(config::setOwnHostname);
        tls.ifPresent(given -> trust(config, given));
        return of(vertx, config, deadline);
    }

    static MailServerAccess of(Vertx vertx, MailConfig config, Duration deadline) {
        int millis = Math.toIntExact(deadline.toMillis());
        config.setKeepAlive(false)
                .setMaxPoolSize(1)
                .setConnectTimeout(millis)
                .setIdleTimeout(millis)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        return new MailServerAccess(vertx, config);
    }

    MailClient open() {
        return MailClient.create(vertx, new MailConfig(config));
    }

    private static void trust(MailConfig config, TlsConfiguration tls) {
        if (tls.getTrustStoreOptions() != null) {
            config.setTrustOptions(tls.getTrustStoreOptions());
        }
        if (tls.getKeyStoreOptions() != null) {
            config.setKeyCertOptions(tls.getKeyStoreOptions());
        }
        tls.getHostnameVerificationAlgorithm().ifPresent(config::setHostnameVerificationAlgorithm);
    }
}
