package dev.slipway.suite;

import dev.slipway.events.Catalogue;
import dev.slipway.suite.process.TcpPort;

/// The ports of a suite, all on the loopback address.
public record Ports(int deploy, int backup, int monitor, int notices, int kafka, int postgres) {
    /// Where `./slipway up` listens.
    public static Ports fixed() {
        return new Ports(8081, 8082, 8083, 8084, 8085, 8086);
    }

    /// Ports nobody uses, for suites that live beside others.
    public static Ports free() {
        return new Ports(
                TcpPort.free(), TcpPort.free(), TcpPort.free(), TcpPort.free(), TcpPort.free(), TcpPort.free());
    }

    /// @param service name in the [Catalogue]
    public int of(String service) {
        return switch (service) {
            case Catalogue.DEPLOY -> deploy;
            case Catalogue.BACKUP -> backup;
            case Catalogue.MONITOR -> monitor;
            case Catalogue.NOTIFY -> notices;
            default -> throw new IllegalArgumentException("no service is called " + service);
        };
    }
}
