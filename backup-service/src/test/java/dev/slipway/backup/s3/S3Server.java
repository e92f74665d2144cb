package dev.slipway.backup.s3;

import dev.slipway.backup.location.FreePort;
import dev.slipway.backup.storage.LocationsFile;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/// A bucket server of its own process, started at first use, stopped with the JVM.
public final class S3Server {
    private static final Path JAR = Path.of("target/s3mock/s3mock.jar");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int TRIES = 600;

    private S3Server() {}

    /// How to reach a new bucket.
    public static LocationsFile.S3 newBucket() {
        String bucket = "bucket-" + NUMBER.incrementAndGet();
        LocationsFile.S3 settings = settings("offsite", bucket, Running.ENDPOINT, null, null);
        client(settings).createBucket(request -> request.bucket(bucket).objectLockEnabledForBucket(true));
        return settings;
    }

    /// The same bucket reached otherwise.
    public static LocationsFile.S3 settings(
            String name, String bucket, URI endpoint, @Nullable String encryption, LocationsFile.@Nullable Lock lock) {
        return new LocationsFile.S3(
                name,
                bucket,
                "eu-central-1",
                endpoint,
                "kept/here",
                true,
                "access",
                "secret",
                encryption,
                null,
                lock,
                Duration.ofSeconds(20));
    }

    public static S3Location location(LocationsFile.S3 settings) {
        return S3Location.of(settings, reference -> reference, CLOCK, Duration.ofMillis(5));
    }

    public static URI endpoint() {
        return Running.ENDPOINT;
    }

    /// To look at what is there past the location.
    public static S3Client client(LocationsFile.S3 settings) {
        return location(settings).client();
    }

    private static final class Running {
        static final URI ENDPOINT = start();

        private static URI start() {
            try {
                int port = FreePort.find();
                Path data = Files.createTempDirectory("s3mock");
                Process process = new ProcessBuilder(List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx192m",
                                "-jar",
                                JAR.toString(),
                                "--http.port=" + port,
                                "--server.port=0",
                                "--com.adobe.testing.s3mock.max-payload-size=32MB",
                                "--com.adobe.testing.s3mock.store.root=" + data.resolve("root")))
                        .redirectErrorStream(true)
                        .redirectOutput(new File("target/s3mock/s3mock.log"))
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
                URI endpoint = URI.create("http://127.0.0.1:" + port);
                awaitReady(process, endpoint);
                return endpoint;
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "the bucket server did not start: is target/s3mock/s3mock.jar there?", e);
            }
        }

        private static void awaitReady(Process process, URI endpoint) {
            S3Client client = client(settings("probe", "probe", endpoint, null, null));
            for (int tries = 0; tries < TRIES && process.isAlive(); tries++) {
                try {
                    client.listBuckets();
                    return;
                } catch (SdkException _) {
                    LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                }
            }
            throw new IllegalStateException("the bucket server did not start: see target/s3mock/s3mock.log");
        }
    }
}
