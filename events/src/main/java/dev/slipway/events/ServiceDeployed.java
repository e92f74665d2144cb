package dev.slipway.events;

/// A version runs on a target that takes no traffic yet (`service.deployed`).
public record ServiceDeployed(ServiceChange content, ServiceChange.Facts customData) implements EventData.Standard {}
