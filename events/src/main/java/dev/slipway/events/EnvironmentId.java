package dev.slipway.events;

/// CDEvents reference to an environment. @param id full name, `shop/production`
public record EnvironmentId(String id) {}
