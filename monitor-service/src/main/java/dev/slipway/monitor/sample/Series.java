package dev.slipway.monitor.sample;

import java.util.Map;

/// One line of a metrics page.
record Series(String name, Map<String, String> labels, double value) {}
