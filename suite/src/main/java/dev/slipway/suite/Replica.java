package dev.slipway.suite;

import java.util.ArrayList;
import java.util.List;

/// One of the processes of a service.
///
/// @param service name in the catalogue of events
/// @param number 1, 2 …
record Replica(String service, int number) {
    Replica {
        if (number < 1) {
            throw new IllegalArgumentException("replicas are counted from 1, not " + number);
        }
    }

    /// Names its process, log, pid file and working folder: `deploy-service`, the second one `deploy-service#2`.
    String name() {
        return number == 1 ? service : service + "#" + number;
    }

    /// All replicas of all services, the first ones first.
    static List<Replica> all(int count) {
        List<Replica> all = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            for (String service : SuiteOptions.SERVICES) {
                all.add(new Replica(service, number));
            }
        }
        return all;
    }
}
