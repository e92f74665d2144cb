package dev.slipway.backup.storage;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.slipway.backup.location.DiskLocation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The places backups can be kept in and the keys they are sealed under, as whoever runs this service wrote them down:
/// a YAML file. What is secret in it is a reference, resolved when it is needed.
///
/// @param keys the first seals new backups; the others open older ones
/// @param locations besides `disk`, which every service has
public record LocationsFile(List<Key> keys, List<Place> locations) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    public LocationsFile {
        keys = keys == null ? List.of() : List.copyOf(keys);
        locations = locations == null ? List.of() : List.copyOf(locations);
        refuseSame("key", keys.stream().map(Key::name).toList(), Set.of());
        refuseSame("location", locations.stream().map(Place::name).toList(), Set.of(DiskLocation.DISK));
    }

    /// Nothing but `disk`, and no keys.
    public static LocationsFile empty() {
        return new LocationsFile(List.of(), List.of());
    }

    /// @throws IllegalArgumentException that names file and place when it cannot be used
    public static LocationsFile read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    static LocationsFile parse(String yaml) {
        if (yaml.isBlank()) {
            return empty();
        }
        try {
            return YAML.readValue(yaml, LocationsFile.class);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            // A message of a record that refused its values says enough.
            Throwable cause = e.getCause() instanceof IllegalArgumentException refused ? refused : e;
            String said = cause instanceof JsonProcessingException own ? own.getOriginalMessage() : cause.getMessage();
            throw new IllegalArgumentException(
                    at == null ? said : "line %d, column %d: %s".formatted(at.getLineNr(), at.getColumnNr(), said), e);
        }
    }

    /// @param secret a reference to 32 bytes, in Base64 or hexadecimal
    public record Key(String name, String secret) {
        public Key {
            goodName(name);
            required("key '%s'".formatted(name), "secret", secret);
        }
    }

    /// A place to keep backups in.
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Disk.class, name = "disk"),
        @JsonSubTypes.Type(value = S3.class, name = "s3"),
        @JsonSubTypes.Type(value = Sftp.class, name = "sftp"),
    })
    public sealed interface Place {
        String name();
    }

    /// A folder of this machine, or of one it has mounted.
    public record Disk(String name, Path folder) implements Place {
        public Disk {
            goodName(name);
            required("location '%s'".formatted(name), "folder", folder);
        }
    }

    /// A bucket of S3 or of what speaks like it.
    ///
    /// @param endpoint where it is not Amazon's
    /// @param prefix before every key, without slashes around it
    /// @param pathStyle whether the bucket's name is part of the path; usual where `endpoint` is given
    /// @param accessKey and `secretKey`: references; without them, what the machine is given by its cloud
    /// @param encryption on the server's side: `AES256`, or `aws:kms` with `kmsKey`
    /// @param lock keeps objects from being deleted, by whomever
    /// @param timeout for one request
    public record S3(
            String name,
            String bucket,
            @Nullable String region,
            @Nullable URI endpoint,
            @Nullable String prefix,
            @Nullable Boolean pathStyle,
            @Nullable String accessKey,
            @Nullable String secretKey,
            @Nullable String encryption,
            @Nullable String kmsKey,
            @Nullable Lock lock,
            @Nullable Duration timeout)
            implements Place {
        public S3 {
            goodName(name);
            String of = "location '%s'".formatted(name);
            required(of, "bucket", bucket);
            if ((accessKey == null) != (secretKey == null)) {
                throw new IllegalArgumentException(of + ": accessKey and secretKey go together");
            }
            if (encryption != null && !Set.of("AES256", "aws:kms").contains(encryption)) {
                throw new IllegalArgumentException(of + ": encryption is AES256 or aws:kms");
            }
            if (kmsKey != null && !"aws:kms".equals(encryption)) {
                throw new IllegalArgumentException(of + ": kmsKey goes with encryption aws:kms");
            }
            region = region == null ? "us-east-1" : region;
            prefix = prefix == null ? "" : prefix.replaceAll("^/+|/+$", "");
            pathStyle = pathStyle == null ? endpoint != null : pathStyle;
            timeout = timeout == null ? Duration.ofMinutes(1) : timeout;
        }
    }

    /// Object lock. @param mode `governance` or `compliance`; @param days from when an object is written
    public record Lock(String mode, int days) {
        public Lock {
            if (!Set.of("governance", "compliance").contains(String.valueOf(mode))) {
                throw new IllegalArgumentException("lock: mode is governance or compliance");
            }
            if (days < 1) {
                throw new IllegalArgumentException("lock: days is at least 1");
            }
            mode = mode.toLowerCase(Locale.ROOT);
        }
    }

    /// A folder on a server that is reached by SSH.
    ///
    /// @param knownHosts the server's keys, as `ssh-keyscan` prints them, or a reference to them
    /// @param password or `privateKey`: a reference
    /// @param timeout for one request
    public record Sftp(
            String name,
            String host,
            @Nullable Integer port,
            String user,
            String folder,
            String knownHosts,
            @Nullable String password,
            @Nullable String privateKey,
            @Nullable Duration timeout)
            implements Place {
        public Sftp {
            goodName(name);
            String of = "location '%s'".formatted(name);
            required(of, "host", host);
            required(of, "user", user);
            required(of, "folder", folder);
            required(of, "knownHosts", knownHosts);
            if ((password == null) == (privateKey == null)) {
                throw new IllegalArgumentException(of + ": give either password or privateKey");
            }
            port = port == null ? 22 : port;
            timeout = timeout == null ? Duration.ofMinutes(1) : timeout;
        }
    }

    private static void goodName(String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no name: lower-case letters, digits and hyphens".formatted(name));
        }
    }

    private static void required(String of, String what, @Nullable Object value) {
        if (value == null || value.toString().isBlank()) {
            throw new IllegalArgumentException("%s: %s is missing".formatted(of, what));
        }
    }

    private static void refuseSame(String what, List<String> names, Set<String> taken) {
        Set<String> seen = new HashSet<>(taken);
        for (String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("the %s '%s' is there twice".formatted(what, name));
            }
        }
    }
}
