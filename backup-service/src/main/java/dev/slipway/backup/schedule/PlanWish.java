package dev.slipway.backup.schedule;

import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.web.Fault;
import dev.slipway.web.Problem;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A schedule as somebody asks for it over HTTP, in the words of the manifest.
///
/// @param name lower-case letters, digits and hyphens; in a change it may be left out
/// @param at `02:00`, with or without `days`; or else `cron`
/// @param zone of IANA's list
/// @param grace ISO-8601 duration; none is [Plan#USUAL_GRACE]
/// @param proof `readback` or `restore`; none is `restore`
/// @param task `backup`, or `drill` for a restore of the newest one; none is `backup`
record PlanWish(
        @Nullable String name,
        @Nullable String at,
        @Nullable List<String> days,
        @Nullable String cron,
        @Nullable String zone,
        @Nullable String grace,
        @Nullable String proof,
        @Nullable Task task) {

    private static final String NAME = "[a-z][a-z0-9]*(-[a-z0-9]+)*";
    private static final int LONGEST_NAME = 63;

    /// @param known the name when it is known already
    /// @throws Problem 422 with every fault
    Plan plan(@Nullable String known) {
        List<Fault> faults = new ArrayList<>();
        String named = known == null ? name : known;
        if (named == null || named.length() > LONGEST_NAME || !named.matches(NAME)) {
            faults.add(Fault.at("name", "must be a name of lower-case letters, digits and single hyphens, at most 63"));
        } else if (name != null && !name.equals(named)) {
            faults.add(Fault.at("name", "cannot be changed: remove this one and make another"));
        }
        Rhythm rhythm = rhythm(faults);
        ZoneId where = read("zone", zone, Timetable::zone, faults);
        Duration patience = grace == null ? Plan.USUAL_GRACE : read("grace", grace, PlanWish::duration, faults);
        ProofKind kind = proof == null ? ProofKind.RESTORE : read("proof", proof, PlanWish::proof, faults);
        if (named == null || rhythm == null || where == null || patience == null || kind == null || !faults.isEmpty()) {
            throw Problem.unprocessable("This is no schedule.", faults);
        }
        return new Plan(named, task == null ? Task.BACKUP : task, new Timetable(rhythm, where), patience, kind);
    }

    private @Nullable Rhythm rhythm(List<Fault> faults) {
        if ((at == null) == (cron == null)) {
            faults.add(Fault.at("at", "give a time of day, 'at', or else a 'cron' expression"));
            return null;
        }
        if (cron != null) {
            if (days != null) {
                faults.add(Fault.at("days", "goes with 'at' only: a cron expression has a field for the weekday"));
            }
            return read("cron", cron, Rhythm::cron, faults);
        }
        LocalTime time = read("at", at, Rhythm::time, faults);
        List<DayOfWeek> some = new ArrayList<>();
        for (String day : days == null ? List.<String>of() : days) {
            DayOfWeek found = read("days", day, Rhythm::day, faults);
            if (found != null) {
                some.add(found);
            }
        }
        return time == null ? null : read("days", "", _ -> Rhythm.daily(time, some), faults);
    }

    private static <T> @Nullable T read(
            String path, @Nullable String text, Function<String, T> parse, List<Fault> faults) {
        if (text == null) {
            faults.add(Fault.at(path, "is missing"));
            return null;
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            faults.add(Fault.at(path, String.valueOf(e.getMessage())));
            return null;
        }
    }

    private static Duration duration(String text) {
        try {
            Duration duration = Duration.parse(text);
            if (duration.isPositive()) {
                return duration;
            }
        } catch (DateTimeException _) {
            // said below
        }
        throw new IllegalArgumentException(
                "must be an ISO 8601 duration above zero such as PT12H, not '%s'".formatted(text));
    }

    private static ProofKind proof(String text) {
        return ProofKind.ofLabel(text)
                .orElseThrow(
                        () -> new IllegalArgumentException("must be readback or restore, not '%s'".formatted(text)));
    }
}
