package dev.slipway.demo.topics;

import dev.slipway.events.Event;
import dev.slipway.events.EventData;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseQueued;
import dev.slipway.events.ReleaseRollingBack;
import dev.slipway.events.ReleaseStarted;
import dev.slipway.events.ServiceRolledBack;
import dev.slipway.events.ServiceUpgraded;
import dev.slipway.events.StepFinished;
import dev.slipway.events.TrafficShifted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What deploy-service said of one release, in the order it said it, held against what a release's story has to be: it
/// is queued, it starts once, its steps end in the order of the plan it started with, and it ends once.
final class ReleaseStory {
    private final String release;
    private final List<? extends EventData> said;
    private final List<String> faults = new ArrayList<>();

    /// @param events with the release's key, in the order of their offsets
    ReleaseStory(String release, List<Event<?>> events) {
        this.release = release;
        this.said = events.stream().map(Event::data).toList();
    }

    List<String> faults() {
        faults.clear();
        expect(said.getFirst() instanceof ReleaseQueued, "does not begin with being queued");
        expect(all(ReleaseQueued.class).size() == 1, "is queued more than once");
        expect(all(ReleaseFinished.class).size() == 1, "does not end exactly once");
        expect(said.getLast() instanceof ReleaseFinished, "goes on after its end");
        List<ReleaseStarted> started = all(ReleaseStarted.class);
        expect(started.size() <= 1, "starts more than once");
        started.stream().findFirst().ifPresent(this::steps);
        all(ReleaseFinished.class).stream().findFirst().ifPresent(this::ending);
        return faults.stream().map(fault -> "release " + release + " " + fault).toList();
    }

    private void steps(ReleaseStarted started) {
        List<UUID> planned = started.customData().steps().stream()
                .map(ReleaseStarted.PlannedStep::id)
                .toList();
        List<UUID> ended = all(StepFinished.class).stream()
                .map(StepFinished::step)
                .filter(planned::contains)
                .toList();
        expect(ended.equals(planned.subList(0, ended.size())), "ends its steps in another order than planned");
        expect(
                all(StepFinished.class).isEmpty()
                        || said.indexOf(started)
                                < said.indexOf(all(StepFinished.class).getFirst()),
                "ends a step before it starts");
        List<Integer> percents =
                all(TrafficShifted.class).stream().map(TrafficShifted::percent).toList();
        expect(
                percents.equals(percents.stream()
                        .distinct()
                        .sorted(Comparator.naturalOrder())
                        .toList()),
                "shifts traffic to and fro: " + percents);
    }

    private void ending(ReleaseFinished finished) {
        String phase = finished.customData().phase();
        long broken = all(StepFinished.class).stream()
                .filter(step -> !step.outcome().equals("done"))
                .count();
        switch (phase) {
            case "completed" -> {
                expect(broken == 0, "is completed with %d broken steps".formatted(broken));
                expect(all(ReleaseRollingBack.class).isEmpty(), "is completed and rolled back");
                expect(all(ServiceUpgraded.class).size() == 1, "is completed and upgrades nothing");
                int planned = plan().map(List::size).orElse(0);
                expect(
                        all(StepFinished.class).size() == planned,
                        "is completed with %d of %d steps"
                                .formatted(all(StepFinished.class).size(), planned));
            }
            case "rolledBack" -> {
                expect(all(ReleaseRollingBack.class).size() == 1, "is rolled back without saying so");
                expect(all(ServiceRolledBack.class).size() == 1, "is rolled back and nothing is current again");
            }
            default -> faults.add("ends as " + phase);
        }
    }

    private Optional<List<ReleaseStarted.PlannedStep>> plan() {
        return all(ReleaseStarted.class).stream()
                .findFirst()
                .map(started -> started.customData().steps());
    }

    private <D extends EventData> List<D> all(Class<D> type) {
        return said.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            faults.add(otherwise);
        }
    }
}
