package dev.slipway.events;

/// An earlier version is the current one again (`service.rolledback`).
public record ServiceRolledBack(ServiceChange content, ServiceChange.Facts customData) implements EventData.Standard {}
