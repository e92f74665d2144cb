package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/// The variables that docs/operations shows for HTTPS, with a certificate that is made here.
@QuarkusTest
@QuarkusTestResource(WebBackends.class)
@TestProfile(HttpsTest.WithCertificate.class)
class HttpsTest {
    public static class WithCertificate implements QuarkusTestProfile {
        static final Path CERTIFICATE = Path.of("target", "tls", "server.crt");
        private static final Path KEY = Path.of("target", "tls", "server.key");

        @Override
        public Map<String, String> getConfigOverrides() {
            makeCertificate();
            return Map.of(
                    "quarkus.http.ssl.certificate.files", CERTIFICATE.toString(),
                    "quarkus.http.ssl.certificate.key-files", KEY.toString(),
                    "quarkus.http.insecure-requests", "disabled",
                    "quarkus.http.test-ssl-port", "0",
                    "quarkus.http.test-port", Integer.toString(freePort()));
        }

        static int freePort() {
            try (ServerSocket socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void makeCertificate() {
            try {
                Files.createDirectories(KEY.getParent());
                Process openssl = new ProcessBuilder(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "rsa:2048",
                                "-nodes",
                                "-days",
                                "2",
                                "-subj",
                                "/CN=localhost",
                                "-addext",
                                "subjectAltName=DNS:localhost,IP:127.0.0.1",
                                "-keyout",
                                KEY.toString(),
                                "-out",
                                CERTIFICATE.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(KEY.resolveSibling("openssl.log").toFile())
                        .start();
                if (!openssl.waitFor(30, TimeUnit.SECONDS) || openssl.exitValue() != 0) {
                    throw new IllegalStateException("openssl made no certificate");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @TestHTTPResource(value = "/healthz", tls = true)
    URI secure;

    @ConfigProperty(name = "quarkus.http.test-port")
    int plain;

    @Test
    void shouldAnswerOverHttpsWithTheCertificateGiven() throws Exception {
        HttpResponse<String> answer = get(trusting(), secure);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.sslSession())
                .hasValueSatisfying(session -> assertThat(session.getProtocol()).isEqualTo("TLSv1.3"));
    }

    @Test
    void shouldNotBeTakenForSomebodyElse() {
        assertThatThrownBy(() -> get(HttpClient.newHttpClient(), secure)).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void shouldNotListenWithoutTls() {
        assertThatThrownBy(() -> get(HttpClient.newHttpClient(), URI.create("http://localhost:" + plain + "/healthz")))
                .isInstanceOf(ConnectException.class);
    }

    private static HttpResponse<String> get(HttpClient client, URI url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
    }

    private static HttpClient trusting() throws Exception {
        KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
        known.load(null);
        try (InputStream in = Files.newInputStream(WithCertificate.CERTIFICATE)) {
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
            known.setCertificateEntry("slipway", certificate);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(tls).build();
    }
}
