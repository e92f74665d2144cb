package dev.slipway.events;

/// The candidate became the current version of its environment (`service.upgraded`).
public record ServiceUpgraded(ServiceChange content, ServiceChange.Facts customData) implements EventData.Standard {}
