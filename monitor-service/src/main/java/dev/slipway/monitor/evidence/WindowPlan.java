package dev.slipway.monitor.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Which windows a traffic step has and what each weighs, so that all windows of one release together never
/// weigh more than 1:
///
/// | window | weight | cap | how many |
/// | --- | --- | --- | --- |
/// | the first step's first batch | 0.4 | 1 | 1 |
/// | a later step's first batch | 0.02 | 1 | 5 |
/// | a *tick*: every further minute; also a seventh or later step's first batch, with cap 1 | 0.5/60 | 3 | 60 |
///
/// No window reaches over the end of its step: the traffic's mixture is another one afterwards.
public final class WindowPlan {
    private static final double FIRST_STEP = .4;
    private static final double LATER_STEP = .02;
    private static final int LATER_STEPS = 5;
    private static final double TICK = .5 / 60;
    private static final int MOST_TICKS = 60;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final int STEP_CAP = 1;
    private static final int TICK_CAP = 3;

    private WindowPlan() {}

    /// @param step 1 for the release's first traffic step
    /// @param spent ticks that earlier steps of the release have used up
    /// @param starts when each batch of the step began, oldest first
    /// @param planned how long the step may take; a long one spreads its ticks over that time
    public static List<Window> of(int step, int spent, List<Instant> starts, Duration planned) {
        List<Window> windows = new ArrayList<>();
        if (starts.isEmpty()) {
            return windows;
        }
        int ticks = spent;
        if (step <= 1) {
            windows.add(new Window(0, FIRST_STEP, STEP_CAP));
        } else if (step <= 1 + LATER_STEPS) {
            windows.add(new Window(0, LATER_STEP, STEP_CAP));
        } else if (ticks < MOST_TICKS) {
            windows.add(new Window(0, TICK, STEP_CAP));
            ticks++;
        }
        Duration every = spread(planned);
        Instant next = starts.getFirst().plus(every);
        for (int batch = 1; batch < starts.size() && ticks < MOST_TICKS; batch++) {
            if (!starts.get(batch).isBefore(next)) {
                windows.add(new Window(batch, TICK, TICK_CAP));
                ticks++;
                next = next.plus(every);
            }
        }
        return windows;
    }

    /// How many of these windows count as ticks.
    public static int ticks(List<Window> windows) {
        return (int) windows.stream().filter(window -> window.weight() == TICK).count();
    }

    private static Duration spread(Duration planned) {
        Duration even = planned.dividedBy(MOST_TICKS);
        return even.compareTo(MINUTE) > 0 ? even : MINUTE;
    }
}
