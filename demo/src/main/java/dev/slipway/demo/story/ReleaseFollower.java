package dev.slipway.demo.story;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// Watches one release over REST and tells every change of it: phases, gates, steps with their times and evidence, the
/// watch's figures. A service that is away for a moment is asked again.
final class ReleaseFollower {
    private final Services services;
    private final Narrator narrator;
    private final Patience patience;
    private final UUID release;
    private final Map<String, String> gates = new HashMap<>();
    private final Map<UUID, String> steps = new HashMap<>();
    private String phase = "";

    ReleaseFollower(Services services, Narrator narrator, Patience patience, UUID release) {
        this.services = services;
        this.narrator = narrator;
        this.patience = patience;
        this.release = release;
    }

    /// Follows until the release is as it should be.
    /// @param what the end of "did not see …"
    /// @throws StoryFailure when it is over in another way, or the time is
    ReleaseView until(String what, Duration limit, Predicate<ReleaseView> wanted) {
        var last = new AtomicReference<ReleaseView>();
        return patience.await(what, limit, () -> look(last, what, wanted), () -> state(last.get()));
    }

    private Optional<ReleaseView> look(AtomicReference<ReleaseView> last, String what, Predicate<ReleaseView> wanted) {
        ReleaseView view = services.release(release);
        last.set(view);
        tellChanges(view);
        if (wanted.test(view)) {
            return Optional.of(view);
        }
        if (view.over() || view.phase().equals("held")) {
            throw new StoryFailure("did not see %s; %s".formatted(what, state(view)));
        }
        return Optional.empty();
    }

    private static String state(ReleaseView view) {
        if (view == null) {
            return "no such release";
        }
        StringBuilder state = new StringBuilder("%s is %s".formatted(view.name(), view.phase()));
        if (!view.reason().isEmpty()) {
            state.append(": ").append(view.reason());
        }
        view.gates().stream()
                .filter(gate -> view.waits() && !gate.open())
                .forEach(gate -> state.append("\ngate %s: %s".formatted(gate.name(), gate.reason())));
        view.steps().stream()
                .filter(step -> !step.done()
                        && !step.state().equals("pending")
                        && !step.state().equals("skipped"))
                .forEach(step -> state.append(
                        "\nstep %s is %s: %s".formatted(step.name(), step.state(), step.evidence() + step.note())));
        return state.toString();
    }

    private void tellChanges(ReleaseView view) {
        view.gates().forEach(this::tellGate);
        if (!view.phase().equals(phase) && !view.over()) {
            String reason = view.reason().isEmpty() ? "" : ": " + Plainly.said(view.reason());
            narrator.tell("%s is %s%s".formatted(view.name(), inWords(view.phase()), reason));
        }
        phase = view.phase();
        view.steps().forEach(step -> tellStep(view, step));
        if (view.over()) {
            narrator.tell("%s is %s: %s".formatted(view.name(), inWords(view.phase()), Plainly.said(view.reason())));
        }
    }

    private void tellGate(ReleaseView.Gate gate) {
        if (!gate.verdict().equals(gates.put(gate.name(), gate.verdict()))) {
            narrator.tell("gate %-11s %-5s %s".formatted(gate.name(), gate.verdict(), Plainly.said(gate.reason())));
        }
    }

    private void tellStep(ReleaseView view, ReleaseView.Step step) {
        if (step.state().equals(steps.put(step.id(), step.state()))) {
            return;
        }
        switch (step.state()) {
            case "done" ->
                narrator.tell("%s %-28s %6s  %s"
                        .formatted(
                                place(view, step),
                                step.name(),
                                Plainly.seconds(step.took() == null ? Duration.ZERO : step.took()),
                                evidence(step)));
            case "broken", "stopped" ->
                narrator.tell("%s %-28s %s  %s"
                        .formatted(place(view, step), step.name(), step.state(), evidence(step))
                        .stripTrailing());
            default -> {
                // Pending, running and waiting are told when they end.
            }
        }
    }

    /// The watch's sentence has the counts already; the step adds them once more in brackets.
    private static String evidence(ReleaseView.Step step) {
        return Plainly.said(step.evidence().replaceAll(" \\(\\d+ requests, \\d+ errors[^)]*\\)$", ""));
    }

    private static String place(ReleaseView view, ReleaseView.Step step) {
        var same =
                view.steps().stream().filter(each -> each.back() == step.back()).toList();
        String place = "%d/%d".formatted(same.indexOf(step) + 1, same.size());
        return "%-6s".formatted(step.back() ? "undo" + place : place);
    }

    private static String inWords(String phase) {
        return phase.equals("rolledBack") ? "rolled back" : phase.equals("rollingBack") ? "rolling back" : phase;
    }
}
