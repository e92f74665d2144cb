package dev.slipway.backup.storage;

import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.s3.S3Location;
import dev.slipway.backup.sftp.SftpLocation;
import dev.slipway.backup.vault.Keyring;
import dev.slipway.backup.vault.MasterKey;
import dev.slipway.manifest.UnresolvedReference;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The locations and master keys of this service, by their names.
public final class Places {
    private final Map<String, Location> locations = new LinkedHashMap<>();
    private final List<LocationsFile.Key> keys;
    private final UnaryOperator<String> resolve;

    /// @param disk folder of the location every service has
    /// @param resolve gives the values of references, each time they are needed
    public Places(LocationsFile file, Path disk, UnaryOperator<String> resolve, Clock clock) {
        this.keys = file.keys();
        this.resolve = resolve;
        locations.put(DiskLocation.DISK, new DiskLocation(DiskLocation.DISK, disk));
        for (LocationsFile.Place place : file.locations()) {
            locations.put(place.name(), location(place, resolve, clock));
        }
    }

    /// With locations made by hand.
    public Places(List<Location> locations, List<LocationsFile.Key> keys, UnaryOperator<String> resolve) {
        this.keys = List.copyOf(keys);
        this.resolve = resolve;
        locations.forEach(location -> this.locations.put(location.name(), location));
    }

    private static Location location(LocationsFile.Place place, UnaryOperator<String> resolve, Clock clock) {
        return switch (place) {
            case LocationsFile.Disk disk -> new DiskLocation(disk.name(), disk.folder());
            case LocationsFile.S3 s3 -> S3Location.of(s3, resolve, clock);
            case LocationsFile.Sftp sftp -> SftpLocation.of(sftp, resolve);
        };
    }

    public Set<String> names() {
        return new TreeSet<>(locations.keySet());
    }

    public List<Location> all() {
        return List.copyOf(locations.values());
    }

    public Optional<Location> named(String name) {
        return Optional.ofNullable(locations.get(name));
    }

    /// Whether new backups are sealed.
    public boolean seals() {
        return !keys.isEmpty();
    }

    /// What new backups are sealed under; null when there are no keys.
    ///
    /// @throws IllegalArgumentException when its reference leads to no key
    public @Nullable MasterKey master() {
        return keys.isEmpty() ? null : key(keys.getFirst());
    }

    /// All master keys, resolved when they are asked for.
    public Keyring keyring() {
        return name -> {
            LocationsFile.Key found = keys.stream()
                    .filter(key -> key.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> Keyring.missing(name));
            try {
                return key(found);
            } catch (IllegalArgumentException e) {
                throw Keyring.missing(name, e);
            }
        };
    }

    /// @throws IllegalArgumentException when its reference has no value here, or one that is no key
    private MasterKey key(LocationsFile.Key key) {
        try {
            return MasterKey.of(key.name(), resolve.apply(key.secret()));
        } catch (UnresolvedReference e) {
            throw new IllegalArgumentException("the master key '%s': %s".formatted(key.name(), e.getMessage()), e);
        }
    }
}
