package dev.slipway.backup.s3;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.location.Draft;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.location.LocationFault.Reason;
import dev.slipway.backup.storage.LocationsFile;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/// A bucket. A file goes there in parts and appears when the upload is completed; one that is not is aborted.
public final class S3Location implements Location, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int TRIES = 4;

    private final LocationsFile.S3 settings;
    private final S3Client client;
    private final Clock clock;

    S3Location(LocationsFile.S3 settings, S3Client client, Clock clock) {
        this.settings = settings;
        this.client = client;
        this.clock = clock;
    }

    /// @param resolve gives the values of references, each time they are needed
    public static S3Location of(LocationsFile.S3 settings, UnaryOperator<String> resolve, Clock clock) {
        return of(settings, resolve, clock, PAUSE);
    }

    /// @param pause before a request is tried again, twice as long every time
    static S3Location of(LocationsFile.S3 settings, UnaryOperator<String> resolve, Clock clock, Duration pause) {
        BackoffStrategy backOff = BackoffStrategy.exponentialDelay(pause, pause.multipliedBy(50));
        Duration timeout = settings.timeout();
        var builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                .credentialsProvider(credentials(settings, resolve))
                // Those who speak like S3 do not know its newer checksums; parts carry an MD5 anyway.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(timeout)
                        .build())
                .overrideConfiguration(override -> override.apiCallAttemptTimeout(timeout)
                        .apiCallTimeout(timeout.multipliedBy(2))
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(TRIES)
                                .backoffStrategy(backOff)
                                .throttlingBackoffStrategy(backOff)
                                .build()));
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        return new S3Location(settings, builder.build(), clock);
    }

    private static AwsCredentialsProvider credentials(LocationsFile.S3 settings, UnaryOperator<String> resolve) {
        String accessKey = settings.accessKey();
        String secretKey = settings.secretKey();
        return accessKey == null || secretKey == null
                ? DefaultCredentialsProvider.builder().build()
                : () -> AwsBasicCredentials.create(resolve.apply(accessKey), resolve.apply(secretKey));
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public String place() {
        String at = settings.endpoint() == null ? "" : " at " + settings.endpoint();
        return "s3://%s/%s%s".formatted(settings.bucket(), settings.prefix(), at);
    }

    @Override
    public Draft begin(Item item) throws LocationFault {
        String key = key(item.path());
        String upload = call(
                "beginning " + item,
                () -> client.createMultipartUpload(request -> new Protection(settings, clock)
                                .on(request.bucket(settings.bucket()).key(key)))
                        .uploadId());
        return new S3Draft(this, item, key, upload);
    }

    @Override
    public void put(Item item, byte[] content) throws LocationFault {
        call(
                "putting " + item,
                () -> client.putObject(
                        request -> new Protection(settings, clock)
                                .on(request.bucket(settings.bucket()).key(key(item.path())))
                                .contentMD5(Parts.md5(content, content.length)),
                        body(content, content.length)));
    }

    @Override
    public InputStream open(Item item) throws LocationFault {
        String key = key(item.path());
        HeadObjectResponse head = call(
                "opening " + item,
                () -> client.headObject(
                        request -> request.bucket(settings.bucket()).key(key)));
        return new S3Input(this, item, key, head.eTag(), head.contentLength());
    }

    @Override
    public OptionalLong size(Item item) throws LocationFault {
        try {
            return OptionalLong.of(call(
                    "looking at " + item,
                    () -> client.headObject(
                                    request -> request.bucket(settings.bucket()).key(key(item.path())))
                            .contentLength()));
        } catch (LocationFault e) {
            if (e.isMissing()) {
                return OptionalLong.empty();
            }
            throw e;
        }
    }

    @Override
    public void delete(Item item) throws LocationFault {
        call(
                "deleting " + item,
                () -> client.deleteObject(
                        request -> request.bucket(settings.bucket()).key(key(item.path()))));
    }

    @Override
    public List<Found> list() throws LocationFault {
        return found("");
    }

    @Override
    public List<String> files(DatabaseKey database, UUID backup) throws LocationFault {
        String folder = Item.folder(database, backup);
        return found(folder).stream()
                .map(found -> found.path().substring(folder.length()))
                .toList();
    }

    private List<Found> found(String below) throws LocationFault {
        return call("listing", () -> {
            List<Found> all = new ArrayList<>();
            int root = key("").length();
            for (S3Object object : client.listObjectsV2Paginator(
                            request -> request.bucket(settings.bucket()).prefix(key(below)))
                    .contents()) {
                all.add(new Found(object.key().substring(root), object.size(), object.lastModified()));
            }
            return all;
        });
    }

    @Override
    public void removeDrafts(DatabaseKey database, UUID backup) throws LocationFault {
        String folder = key(Item.folder(database, backup));
        call("removing what was left of " + backup, () -> {
            for (MultipartUpload upload : client.listMultipartUploadsPaginator(
                            request -> request.bucket(settings.bucket()).prefix(folder))
                    .uploads()) {
                if (upload.key().startsWith(folder)) {
                    client.abortMultipartUpload(request ->
                            request.bucket(settings.bucket()).key(upload.key()).uploadId(upload.uploadId()));
                }
            }
            return true;
        });
    }

    S3Client client() {
        return client;
    }

    String bucket() {
        return settings.bucket();
    }

    static RequestBody body(byte[] bytes, int length) {
        return RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
    }

    /// Runs a request; what goes wrong is told as what it means here.
    <T> T call(String what, Supplier<T> request) throws LocationFault {
        try {
            return request.get();
        } catch (SdkException e) {
            throw fault(e, what);
        } catch (RuntimeException e) {
            // A reference without a value.
            throw new LocationFault(Reason.DENIED, "location %s: %s: %s".formatted(name(), what, e.getMessage()), e);
        }
    }

    LocationFault fault(SdkException e, String what) {
        return new LocationFault(
                S3Faults.reason(e), "location %s: %s: %s".formatted(name(), what, S3Faults.said(e)), e);
    }

    /// The key of what lies at a path below this location's root.
    private String key(String path) {
        return settings.prefix().isEmpty() ? path : settings.prefix() + "/" + path;
    }

    @Override
    public void close() {
        client.close();
    }
}
