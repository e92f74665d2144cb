package dev.slipway.backup.schedule;

import java.time.Instant;
import java.time.LocalDateTime;

/// One time at which a schedule is due.
///
/// @param local what the schedule asks for; with the schedule it names the occurrence, whatever the clocks do
/// @param at the moment it is due
public record Occurrence(LocalDateTime local, Instant at) {}
