package dev.slipway.outbound;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The way an HTTP request leaves a service: to public addresses and to networks that were opened by
/// `slipway.guards.open-networks`, whatever its URL says.
///
/// The host is resolved once and the connection goes to that very address, so nobody can show one address to the check
/// and another to the request. Redirects are answers like others: a caller who followed one might carry a token to
/// where it does not belong. No answer is unpacked, and none is read beyond what its caller takes. Every request has a
/// connection of its own: one kept from before may be closed in the moment it is used again.
@Singleton
public final class OutboundHttp {
    /// The name of the TLS configuration that is used where there is one: `quarkus.tls.outbound.trust-store.…`
    private static final String TLS = "outbound";

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpClient client;
    private final AddressGuard guard;
    private final Resolver resolver;

    @Inject
    OutboundHttp(
            Vertx vertx,
            TlsConfigurationRegistry tls,
            @ConfigProperty(name = "slipway.guards.open-networks") Optional<List<String>> openNetworks) {
        this(vertx, tls.get(TLS), new AddressGuard(openNetworks.orElse(List.of())), InetAddress::getAllByName);
    }

    OutboundHttp(Vertx vertx, Optional<TlsConfiguration> tls, AddressGuard guard, Resolver resolver) {
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(false)
                .setMaxPoolSize(256)
                .setDecompressionSupported(false)
                .setConnectTimeout(Math.toIntExact(CONNECT.toMillis()));
        tls.ifPresent(given -> {
            if (given.getTrustStoreOptions() != null) {
                options.setTrustOptions(given.getTrustStoreOptions());
            }
            if (given.getKeyStoreOptions() != null) {
                options.setKeyCertOptions(given.getKeyStoreOptions());
            }
        });
        this.client = vertx.createHttpClient(options);
        this.guard = guard;
        this.resolver = resolver;
    }

    /// One for use without a container.
    ///
    /// @param openNetworks besides the public Internet: `127.0.0.0/8`
    public static OutboundHttp to(String... openNetworks) {
        return new OutboundHttp(
                Own.VERTX, Optional.empty(), new AddressGuard(List.of(openNetworks)), InetAddress::getAllByName);
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// @param deadline from now to the body's last byte
    /// @param largestBody the most bytes the answer's body may have
    /// @throws Refused when the request may not go there
    /// @throws AnswerTooLarge when the body has more than that
    /// @throws java.net.http.HttpTimeoutException when the deadline passed; the exchange is given up
    /// @throws ConnectException when nobody listens there: nothing was sent
    /// @throws IOException when the exchange broke off
    public HttpResponse<byte[]> send(HttpRequest request, Duration deadline, int largestBody) throws IOException {
        return new Exchange(client, request, largestBody, false).run(this::destination, deadline);
    }

    /// As [#send], for callers who want to see how the answer begins: what comes behind is left where it is.
    public HttpResponse<byte[]> sendForStart(HttpRequest request, Duration deadline, int bytes) throws IOException {
        return new Exchange(client, request, bytes, true).run(this::destination, deadline);
    }

    private Destination destination(HttpRequest request) throws IOException {
        return Destination.of(request.uri(), resolver, guard);
    }

    @PreDestroy
    void close() {
        client.close();
    }

    private static final class Own {
        static final Vertx VERTX = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
    }
}
