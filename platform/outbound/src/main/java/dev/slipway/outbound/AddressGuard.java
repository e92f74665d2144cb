package dev.slipway.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Says of an address whether a request may go there: to the public Internet, and to the networks that were opened.
///
/// An IPv6 address that carries an IPv4 one leads where that leads: a mapped one is that address for the platform
/// already, one of NAT64 is judged by it here, and those of 6to4 and Teredo lead nowhere anybody needs today.
final class AddressGuard {
    private static final List<Network> NOT_PUBLIC = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20");

    /// Of IPv6 only this part is handed out for the public Internet.
    private static final Network PUBLIC_IPV6 = Network.of("2000::/3");

    /// Where clouds tell a machine its own credentials. Opening the network around one does not open it.
    private static final List<Network> METADATA = networks(
            "169.254.169.254",
            "169.254.170.2",
            "169.254.170.23",
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "fd00:ec2::254",
            "fd20:ce::254");

    private static final Network NAT64 = Network.of("64:ff9b::/96");

    private final List<Network> open;

    /// @param open networks that requests may go to although they are not public
    AddressGuard(List<String> open) {
        this.open = open.stream()
                .filter(network -> !network.isBlank())
                .map(Network::of)
                .toList();
    }

    /// Why no request may go there; empty when it may. The reason names kinds of networks and no address: those of a
    /// secret URL are secret.
    Optional<String> refusal(InetAddress address) {
        InetAddress judged = NAT64.contains(address) ? embedded(address) : address;
        if (METADATA.stream().anyMatch(network -> network.contains(judged))) {
            return isOpenAlone(address) ? Optional.empty() : Optional.of("it is an address of a cloud's metadata");
        }
        if (open.stream().anyMatch(network -> network.contains(address)) || isPublic(judged)) {
            return Optional.empty();
        }
        return Optional.of("it is in a network (%s) that is not open".formatted(kind(judged)));
    }

    private boolean isOpenAlone(InetAddress address) {
        return open.stream().anyMatch(network -> network.isSingle() && network.contains(address));
    }

    private static boolean isPublic(InetAddress address) {
        boolean handedOut = address instanceof Inet4Address || PUBLIC_IPV6.contains(address);
        return handedOut && NOT_PUBLIC.stream().noneMatch(network -> network.contains(address));
    }

    private static String kind(InetAddress address) {
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return "this machine";
        }
        if (address.isLinkLocalAddress()) {
            return "link-local";
        }
        return address.isMulticastAddress() ? "multicast" : "private or reserved";
    }

    /// The IPv4 address behind one of NAT64: its last four bytes.
    private static InetAddress embedded(InetAddress address) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), 12, 16));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static List<Network> networks(String... texts) {
        return Arrays.stream(texts).map(Network::of).toList();
    }
}
