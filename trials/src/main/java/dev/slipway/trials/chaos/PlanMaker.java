package dev.slipway.trials.chaos;

import dev.slipway.trials.chaos.Fault.Freeze;
import dev.slipway.trials.chaos.Fault.Kill;
import dev.slipway.trials.chaos.Fault.Moody;
import dev.slipway.trials.chaos.Fault.Outage;
import dev.slipway.trials.chaos.Fault.Resend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/// Draws a plan from a seed. Each kind of thing has a rhythm of its own, so that a longer run has more of
/// everything and a short one at least one of each.
final class PlanMaker {
    static final String KAFKA = "kafka";
    static final String POSTGRES = "postgres";

    private static final long FIRST_FAULT = 6_000;
    private static final String SHOP = "shop";

    private final long seed;
    private final long length;
    private final List<String> processes;
    private final List<String> applications;
    private final List<Ask> asks = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private int builds;

    PlanMaker(long seed, Duration length, List<String> processes, List<String> applications) {
        this.seed = seed;
        this.length = length.toMillis();
        this.processes = List.copyOf(processes);
        this.applications = List.copyOf(applications);
    }

    ChaosPlan make() {
        // One source of chance per kind: more of one kind must not turn all the others around.
        faults("outages of the broker", 150_000, random -> outage(random, KAFKA, 30_000, 60_000));
        faults("outages of the database", 110_000, random -> outage(random, POSTGRES, 15_000, 30_000));
        faults("kills", 17_000, this::kill);
        faults("freezes", 26_000, this::freeze);
        faults(
                "records sent again",
                32_000,
                random -> new Resend(Duration.ZERO, 10 + random.nextInt(50), random.nextLong()));
        faults("moods", 19_000, PlanMaker::moody);
        pushes();
        captures();
        return new ChaosPlan(seed, Duration.ofMillis(length), asks, faults);
    }

    private Random chance(String of) {
        return new Random(seed * 31 + of.hashCode());
    }

    /// @param rhythm milliseconds between two of them on average
    private void faults(String kind, long rhythm, Function<Random, Fault> draw) {
        Random random = chance(kind);
        long count = Math.max(1, (length - FIRST_FAULT) / rhythm);
        long share = (length - FIRST_FAULT) / count;
        for (long index = 0; index < count; index++) {
            long at = FIRST_FAULT + share * index + random.nextLong(Math.max(1, share * 9 / 10));
            Fault fault = at(draw.apply(random), Duration.ofMillis(at));
            if (faults.stream().noneMatch(other -> collide(other, fault))) {
                faults.add(fault);
            }
        }
    }

    private static Fault at(Fault fault, Duration at) {
        return switch (fault) {
            case Kill kill -> new Kill(at, kill.victim());
            case Outage outage -> new Outage(at, outage.victim(), outage.lasts());
            case Freeze freeze -> new Freeze(at, freeze.victim(), freeze.lasts());
            case Resend resend -> new Resend(at, resend.records(), resend.seed());
            case Moody moody -> new Moody(at, moody.victim(), moody.mood(), moody.lasts());
        };
    }

    /// A frozen process may be killed, one that is stopped in order may not.
    private static boolean collide(Fault one, Fault other) {
        boolean apart = one.at().plus(one.lasts()).compareTo(other.at()) < 0
                || other.at().plus(other.lasts()).compareTo(one.at()) < 0;
        boolean killed =
                one instanceof Freeze && other instanceof Kill || one instanceof Kill && other instanceof Freeze;
        return one.victim().equals(other.victim()) && !apart && !killed;
    }

    private static Outage outage(Random random, String victim, int shortest, int longest) {
        return new Outage(Duration.ZERO, victim, millis(random, shortest, longest));
    }

    private Fault kill(Random random) {
        int choice = random.nextInt(12);
        return new Kill(
                Duration.ZERO,
                switch (choice) {
                    case 0 -> KAFKA;
                    case 1 -> POSTGRES;
                    default -> processes.get(random.nextInt(processes.size()));
                });
    }

    /// Some longer than a lease, so that somebody else takes over and the frozen one comes back too late.
    private Fault freeze(Random random) {
        boolean longer = random.nextInt(5) < 2;
        Duration lasts = longer ? millis(random, 17_000, 32_000) : millis(random, 1_500, 8_000);
        return new Freeze(Duration.ZERO, processes.get(random.nextInt(processes.size())), lasts);
    }

    private static Fault moody(Random random) {
        Mood[] bad = {Mood.FAILING, Mood.LIMITING, Mood.HANGING, Mood.SWALLOWING};
        String victim = random.nextBoolean() ? "mail" : "hook";
        return new Moody(Duration.ZERO, victim, bad[random.nextInt(bad.length)], millis(random, 6_000, 18_000));
    }

    private void pushes() {
        Random random = chance("pushes");
        for (long at = 500; at < length; at += 1_500 + random.nextInt(3_000)) {
            String application = applications.get(random.nextInt(applications.size()));
            if (application.equals(SHOP)) {
                continue;
            }
            int kind = random.nextInt(20);
            Duration cancel = kind >= 16 ? millis(random, 0, 5_000) : null;
            asks.add(new Ask.Push(
                    Duration.ofMillis(at),
                    application,
                    application + "-" + ++builds,
                    kind < 2 ? BuildKind.BROKEN_DEPLOY : kind < 4 ? BuildKind.BROKEN_SMOKE : BuildKind.GOOD,
                    cancel,
                    random.nextInt(4) == 0 ? 1 + random.nextInt(2) : 0));
        }
        shop(random);
    }

    /// A good one and one the watch calls back, in turn.
    private void shop(Random random) {
        if (!applications.contains(SHOP)) {
            return;
        }
        boolean good = true;
        for (long at = 1_000; at < length - 20_000; at += 80_000 + random.nextInt(40_000)) {
            asks.add(new Ask.Push(
                    Duration.ofMillis(at),
                    SHOP,
                    SHOP + "-" + ++builds,
                    good ? BuildKind.GOOD : BuildKind.FAULTY,
                    null,
                    random.nextInt(2)));
            good = !good;
        }
    }

    private void captures() {
        Random random = chance("captures");
        for (long at = 4_000; at < length; at += 8_000 + random.nextInt(9_000)) {
            asks.add(new Ask.Capture(
                    Duration.ofMillis(at),
                    applications.get(random.nextInt(applications.size())),
                    random.nextInt(4) == 0 ? "restore" : "readback"));
        }
    }

    private static Duration millis(Random random, int shortest, int longest) {
        return Duration.ofMillis(shortest + random.nextInt(longest - shortest));
    }
}
