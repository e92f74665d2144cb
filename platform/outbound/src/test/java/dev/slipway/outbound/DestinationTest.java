package dev.slipway.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {
    private final AddressGuard closed = new AddressGuard(List.of());

    @ParameterizedTest
    @CsvSource({
        "http://shop.example, shop.example, 80, false",
        "https://shop.example/a?b, shop.example, 443, true",
        "HTTPS://shop.example:8443, shop.example, 8443, true",
        "http://140.82.112.3:81/, 140.82.112.3, 81, false",
        "http://[2606:4700::1111]:82/, 2606:4700::1111, 82, false",
    })
    void shouldGoWhereTheUrlSays(String url, String host, int port, boolean tls) throws Exception {
        Destination destination = Destination.of(URI.create(url), _ -> addresses("1.1.1.1"), closed);

        assertThat(destination).isEqualTo(new Destination(host, port, tls, List.of(addresses("1.1.1.1"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://2130706433/",
                "http://017700000001/",
                "http://0x7f000001/",
                "http://0x7f.0.0.1/",
                "http://127.1/",
                "http://127.0.1/",
                "http://0177.0.0.1/",
                "http://127.0.0.01/",
                "http://127.0.0.1./",
                "http://0x7F.0x0.0x0.0x1/",
                "http://00000177.0.0.1/",
                "http://127.0x0.1/",
                "http://4294967295/",
                "http://0xa9fea9fe/latest/meta-data",
                "http://0251.0376.0251.0376/latest/meta-data",
                "http://127\u30020\u30020\u30021/",
                "http://\u2460\u2461\u2466.0.0.1/",
                "//127.0.0.1/",
                "http://0/",
                "http://user:secret@shop.example/",
                "http://shop.example@127.0.0.1/",
                "http:///path",
                "http:shop.example",
                "file:///etc/passwd",
                "gopher://shop.example/",
                "jar:http://shop.example/!/",
            })
    void shouldRefuseAUrlThatHidesWhereItGoes(String url) {
        assertThatThrownBy(() -> Destination.of(URI.create(url), _ -> addresses("1.1.1.1"), closed))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("URL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://127.0.0.1/",
                "http://127.8.9.10/",
                "http://[::1]/",
                "http://[::]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:7f00:1]/",
                "http://[0:0:0:0:0:ffff:a9fe:a9fe]/latest/meta-data",
                "http://169.254.169.254/latest/meta-data",
                "http://10.0.0.1/",
                "http://0.0.0.0/",
                "http://[fe80::1]/",
                "http://[::127.0.0.1]/",
                "http://[64:ff9b::169.254.169.254]/",
                "http://LOCALHOST/",
            })
    void shouldRefuseEveryFormOfAnInnerAddress(String url) {
        assertThatThrownBy(() -> Destination.of(URI.create(url), InetAddress::getAllByName, closed))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("slipway.guards.open-networks");
    }

    @Test
    void shouldUseOnlyTheAddressesThatMayBeAsked() throws Exception {
        Destination destination = Destination.of(
                URI.create("http://shop.example"), _ -> addresses("10.0.0.1", "1.1.1.1", "::1", "1.0.0.1"), closed);

        assertThat(destination.addresses()).containsExactly(addresses("1.1.1.1", "1.0.0.1"));
    }

    @Test
    void shouldNameNeitherTheHostNorItsAddressWhenItRefuses() {
        assertThatThrownBy(() -> Destination.of(
                        URI.create("http://s3cret.internal/t0ken"), _ -> addresses("10.99.98.97"), closed))
                .isInstanceOf(Refused.class)
                .message()
                .doesNotContain("s3cret", "10.99", "t0ken");
    }

    private static InetAddress[] addresses(String... literals) throws UnknownHostException {
        InetAddress[] addresses = new InetAddress[literals.length];
        for (int i = 0; i < literals.length; i++) {
            addresses[i] = InetAddress.getByName(literals[i]);
        }
        return addresses;
    }
}
