package dev.slipway.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Gives the addresses behind a host's name.
interface Resolver {
    /// @throws UnknownHostException when there is none
    InetAddress[] resolve(String host) throws UnknownHostException;
}
