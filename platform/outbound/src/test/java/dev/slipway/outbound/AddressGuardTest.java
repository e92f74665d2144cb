package dev.slipway.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
    private final AddressGuard closed = new AddressGuard(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "140.82.112.3",
                "2606:4700::1111",
                "64:ff9b::8c52:7003",
                "1.0.0.1",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "126.255.255.255",
                "169.253.255.255",
                "169.255.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.0.1.1",
                "192.167.255.255",
                "192.169.0.1",
                "198.17.255.255",
                "198.20.0.1",
                "223.255.255.255",
                "2001:200::1",
                "2003::1",
                "3fff:1000::1",
            })
    void shouldLetRequestsOutToThePublicInternet(String address) throws UnknownHostException {
        assertThat(closed.refusal(InetAddress.getByName(address))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, this machine",
        "127.255.255.254, this machine",
        "0.0.0.0, this machine",
        "::1, this machine",
        "::, this machine",
        "::ffff:127.0.0.1, this machine",
        "64:ff9b::7f00:1, this machine",
        "10.1.2.3, private",
        "172.16.0.1, private",
        "172.31.255.255, private",
        "192.168.0.1, private",
        "100.64.0.1, private",
        "198.18.0.1, reserved",
        "::ffff:192.168.0.1, private",
        "::192.168.0.1, reserved",
        "64:ff9b::c0a8:1, private",
        "2002:c0a8:1::1, reserved",
        "2002:102:304::1, reserved",
        "2001:0:102:304::1, reserved",
        "fc00::1, private",
        "fd12:3456::1, private",
        "fec0::1, private",
        "2001:db8::1, reserved",
        "240.0.0.1, reserved",
        "255.255.255.255, reserved",
        "169.254.1.1, link-local",
        "fe80::1, link-local",
        "224.0.0.1, multicast",
        "ff02::1, multicast",
        "169.254.169.254, metadata",
        "::ffff:169.254.169.254, metadata",
        "64:ff9b::a9fe:a9fe, metadata",
        "169.254.170.2, metadata",
        "169.254.170.23, metadata",
        "192.0.0.192, metadata",
        "168.63.129.16, metadata",
        "100.100.100.200, metadata",
        "fd00:ec2::254, metadata",
        "fd20:ce::254, metadata",
        "64:ff9b:1::7f00:1, reserved",
        "::ffff:0:127.0.0.1, reserved",
        "0.1.2.3, reserved",
        "192.0.2.1, reserved",
        "198.51.100.7, reserved",
        "203.0.113.7, reserved",
        "192.0.0.8, reserved",
        "192.88.99.1, reserved",
        "10.255.255.255, private",
        "100.127.255.255, private",
        "169.254.255.255, link-local",
        "172.20.0.1, private",
        "192.168.255.255, private",
        "198.19.255.255, reserved",
        "239.255.255.250, multicast",
        "2001:1ff::1, reserved",
        "2002:ffff::1, reserved",
        "3fff:fff::1, reserved",
        "febf::1, link-local",
        "ff0e::1, multicast",
    })
    void shouldKeepRequestsOutOfEverythingElse(String address, String kind) throws UnknownHostException {
        assertThat(closed.refusal(InetAddress.getByName(address)))
                .get()
                .asString()
                .contains(kind);
    }

    @Test
    void shouldOpenTheNetworksThatAreNamed() throws UnknownHostException {
        AddressGuard guard = new AddressGuard(List.of("10.20.0.0/16", " fd12::/16", ""));

        assertThat(guard.refusal(InetAddress.getByName("10.20.255.1"))).isEmpty();
        assertThat(guard.refusal(InetAddress.getByName("::ffff:10.20.0.1"))).isEmpty();
        assertThat(guard.refusal(InetAddress.getByName("fd12::7"))).isEmpty();
        assertThat(guard.refusal(InetAddress.getByName("10.21.0.0"))).isPresent();
        assertThat(guard.refusal(InetAddress.getByName("fd13::7"))).isPresent();
    }

    @Test
    void shouldOpenMetadataOnlyToOneWhoNamesIt() throws UnknownHostException {
        InetAddress metadata = InetAddress.getByName("169.254.169.254");

        assertThat(new AddressGuard(List.of("169.254.0.0/16", "0.0.0.0/0")).refusal(metadata))
                .isPresent();
        assertThat(new AddressGuard(List.of("169.254.169.254")).refusal(metadata))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "example.com/8",
                "10.0.0.0/33",
                "10.0.0.1/8",
                "::1/129",
                "10.0.0.0/8/8",
                "10.0.0.0/",
                "10.0.0.0/-1"
            })
    void shouldRefuseASettingThatIsNoNetwork(String text) {
        assertThatThrownBy(() -> new AddressGuard(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    /// The platform's own idea of what is not public is held against ours, address by address.
    @Test
    void shouldKnowAtLeastWhatThePlatformKnows() throws UnknownHostException {
        Random random = new Random(20260101);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
            random.nextBytes(bytes);
            if (i % 3 == 0) {
                bytes[0] = (byte) List.of(10, 127, 172, 192, 169, 0xfe, 0xfc, 0xff)
                        .get(random.nextInt(8))
                        .intValue();
            }
            InetAddress address = InetAddress.getByAddress(bytes);
            if (address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || address.isSiteLocalAddress()
                    || address.isLinkLocalAddress()
                    || address.isMulticastAddress()) {
                assertThat(closed.refusal(address)).as(address.getHostAddress()).isPresent();
            }
        }
    }
}
