package dev.slipway.backup.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;

/// A rhythm by the clocks of a zone.
///
/// One rule for every change of the clocks: **a time is due at the first moment at which the clocks of the zone show it
/// or a later one.** A time that is skipped in spring is due when the skipped hour is over, several skipped ones
/// together once; a time that comes twice in autumn is due the first time only.
///
/// @param zone of IANA's list; its rules are those of this Java
public record Timetable(Rhythm rhythm, ZoneId zone) {
    private static final Duration SHORTEST_LOOK_BACK = Duration.ofHours(2);
    private static final List<Integer> LOOK_BACK_FACTORS = List.of(1, 16, 128, 1_024, 8_192);

    public Timetable {
        requireNonNull(rhythm, "rhythm");
        requireNonNull(zone, "zone");
    }

    /// A zone as it must be written. @throws IllegalArgumentException with what would be right
    public static ZoneId zone(String name) {
        if (name.equals("UTC")
                || (name.contains("/") && ZoneId.getAvailableZoneIds().contains(name))) {
            return ZoneId.of(name);
        }
        throw new IllegalArgumentException(
                "must be an IANA time zone such as Europe/Berlin, or UTC, not '%s'".formatted(name));
    }

    /// The first time that is due after this moment. There always is one.
    public Occurrence after(Instant moment) {
        LocalDateTime local = rhythm.after(lastShown(moment));
        while (!due(local).isAfter(moment)) {
            local = rhythm.after(local);
        }
        return new Occurrence(local, due(local));
    }

    /// The last of the times that are due from `first` on and not after this moment; `first` itself when there is no
    /// later one.
    public Occurrence lastUpTo(Instant moment, Occurrence first) {
        Occurrence last = first;
        for (int factor : LOOK_BACK_FACTORS) {
            Instant from = moment.minus(SHORTEST_LOOK_BACK.multipliedBy(factor));
            if (!from.isAfter(first.at())) {
                break;
            }
            Occurrence found = after(from);
            if (!found.at().isAfter(moment)) {
                last = found;
                break;
            }
        }
        for (Occurrence next = after(last.at()); !next.at().isAfter(moment); next = after(next.at())) {
            last = next;
        }
        return last;
    }

    /// When a local time is due.
    Instant due(LocalDateTime local) {
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        if (change == null) {
            return local.toInstant(zone.getRules().getOffset(local));
        }
        return change.isGap() ? change.getInstant() : local.toInstant(change.getOffsetBefore());
    }

    /// The latest local time that the clocks have shown up to this moment: in an hour that comes a second time, the end
    /// of its first.
    private LocalDateTime lastShown(Instant moment) {
        LocalDateTime local = LocalDateTime.ofInstant(moment, zone);
        ZoneOffsetTransition change = zone.getRules().getTransition(local);
        boolean second = change != null && change.isOverlap() && !moment.isBefore(change.getInstant());
        return second ? change.getDateTimeBefore().minusNanos(1) : local;
    }
}
