package dev.slipway.backup.engine;

import java.util.UUID;

/// What an engine does is always for one backup of one database: by its id, what was left on a server is found again.
public record Job(UUID backup, Access source, Limits limits) {}
