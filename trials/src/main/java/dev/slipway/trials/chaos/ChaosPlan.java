package dev.slipway.trials.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Everything that will be asked of the suite and done to it, decided before it starts: the same seed and
/// length make the same plan.
///
/// @param length from the beginning to the last fault's end
/// @param asks in the order of their times; so are the faults
record ChaosPlan(long seed, Duration length, List<Ask> asks, List<Fault> faults) {
    ChaosPlan {
        asks = asks.stream().sorted(Comparator.comparing(Ask::at)).toList();
        faults = faults.stream().sorted(Comparator.comparing(Fault::at)).toList();
    }

    static ChaosPlan of(long seed, Duration length, List<String> processes, List<String> applications) {
        return new PlanMaker(seed, length, processes, applications).make();
    }

    /// A line per fault, with the time it begins at.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Fault fault : faults) {
            lines.add("%s  %s".formatted(clock(fault.at()), fault.inWords()));
        }
        return lines;
    }

    /// `2:05.3`
    static String clock(Duration at) {
        return "%3d:%02d.%d".formatted(at.toMinutes(), at.toSecondsPart(), at.toMillisPart() / 100);
    }
}
