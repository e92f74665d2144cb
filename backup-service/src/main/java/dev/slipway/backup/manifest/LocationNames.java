package dev.slipway.backup.manifest;

import java.util.Set;
import java.util.TreeSet;

/// The names of the locations this service has: a manifest may use these.
public record LocationNames(Set<String> names) {
    public LocationNames {
        names = new TreeSet<>(names);
    }
}
