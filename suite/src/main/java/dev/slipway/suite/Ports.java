package dev.slipway.suite;

import dev.slipway.events.Catalogue;
import dev.slipway.suite.process.TcpPort;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The ports of a suite, all on the loopback address.
///
/// @param replicas of the services: one entry per replica, the first replicas' first
public record Ports(List<Services> replicas, int kafka, int postgres) {
    private static final int BETWEEN_REPLICAS = 10;

    public Ports {
        replicas = List.copyOf(replicas);
    }

    /// Where one replica of each service listens.
    public record Services(int deploy, int backup, int monitor, int notices) {
        static Services free() {
            return new Services(TcpPort.free(), TcpPort.free(), TcpPort.free(), TcpPort.free());
        }

        static Services from(int first) {
            return new Services(first, first + 1, first + 2, first + 3);
        }
    }

    /// Where `./slipway up` listens: 8081–8084, the second replicas on 8091–8094 and so on.
    public static Ports fixed() {
        List<Services> replicas = IntStream.range(0, SuiteOptions.MOST_REPLICAS)
                .mapToObj(index -> Services.from(8081 + BETWEEN_REPLICAS * index))
                .toList();
        return new Ports(replicas, 8085, 8086);
    }

    /// Ports nobody uses, for suites that live beside others.
    public static Ports free() {
        return new Ports(List.of(Services.free()), TcpPort.free(), TcpPort.free());
    }

    /// The same ports, and free ones for the replicas that have none yet.
    Ports forReplicas(int count) {
        List<Services> all = new ArrayList<>(replicas);
        while (all.size() < count) {
            all.add(Services.free());
        }
        return new Ports(all, kafka, postgres);
    }

    /// Where the first replica of a service listens.
    /// @param service name in the [Catalogue]
    public int of(String service) {
        return of(new Replica(service, 1));
    }

    int of(Replica replica) {
        Services services = replicas.get(replica.number() - 1);
        return switch (replica.service()) {
            case Catalogue.DEPLOY -> services.deploy();
            case Catalogue.BACKUP -> services.backup();
            case Catalogue.MONITOR -> services.monitor();
            case Catalogue.NOTIFY -> services.notices();
            default -> throw new IllegalArgumentException("no service is called " + replica.service());
        };
    }
}
