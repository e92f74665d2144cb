package dev.slipway.events;

/// What an event says. A [Custom] event's record is its CDEvents `subject.content`; a [Standard] event has the closed
/// content CDEvents gives that type and puts Slipway's own facts into `customData`.
///
/// A component that may be absent is annotated `@Nullable`; every other one is required on the wire.
public sealed interface EventData {

    /// An event of a type CDEvents does not have: `dev.cdeventsx.slipway-<subject>.<predicate>`.
    non-sealed interface Custom extends EventData {}

    /// An event of a type CDEvents has. Its record has exactly the two components `content` and `customData`.
    non-sealed interface Standard extends EventData {}
}
