package dev.slipway.outbound;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a request goes: the name that is asked for and the addresses it may be asked at.
///
/// @param addresses at least one, in the resolver's order
record Destination(String host, int port, boolean tls, List<InetAddress> addresses) {
    /// `2130706433`, `0x7f.1`, `0177.0.0.1`, `127.1`: some read an address there, others a name.
    private static final Pattern NUMBER = Pattern.compile("(0[xX][0-9A-Fa-f]*|\\d+)(\\.(0[xX][0-9A-Fa-f]*|\\d+))*\\.?");

    private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    /// Resolves the URL's host, once: whoever answers for its name cannot give another address afterwards.
    ///
    /// @throws Refused when the URL is none for a request, or when none of the addresses may be asked
    static Destination of(URI url, Resolver resolver, AddressGuard guard) throws Refused, UnknownHostException {
        boolean tls = "https".equalsIgnoreCase(url.getScheme());
        String host = url.getHost();
        if (!tls && !"http".equalsIgnoreCase(url.getScheme()) || host == null) {
            throw new Refused("the URL is none of http or https with a host");
        }
        if (url.getRawUserInfo() != null) {
            throw new Refused("the URL names a user");
        }
        if (NUMBER.matcher(host).matches() && !IPV4.matcher(host).matches()) {
            throw new Refused("the URL's host is a number in disguise");
        }
        int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
        return new Destination(unbracketed(host), port, tls, allowed(resolver.resolve(unbracketed(host)), guard));
    }

    private static List<InetAddress> allowed(InetAddress[] addresses, AddressGuard guard) throws Refused {
        List<InetAddress> allowed = new ArrayList<>();
        Optional<String> refusal = Optional.empty();
        for (InetAddress address : addresses) {
            Optional<String> why = guard.refusal(address);
            if (why.isEmpty()) {
                allowed.add(address);
            }
            refusal = refusal.or(() -> why);
        }
        if (allowed.isEmpty()) {
            throw new Refused("no request may go to the host's address: " + refusal.orElse("it has none")
                    + " (slipway.guards.open-networks)");
        }
        return List.copyOf(allowed);
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
