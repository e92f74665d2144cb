package dev.slipway.backup.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.location.Draft;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.location.LocationFault.Reason;
import dev.slipway.backup.location.LocationPromises;
import dev.slipway.backup.s3.FaultyProxy.Kind;
import dev.slipway.backup.storage.LocationsFile;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.S3Object;

class S3LocationTest extends LocationPromises {
    private static final byte[] LARGE = random(18_000_000);

    private final LocationsFile.S3 bucket = S3Server.newBucket();
    private FaultyProxy proxy;

    @BeforeEach
    void start() throws Exception {
        proxy = new FaultyProxy();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Override
    protected Location location() {
        return S3Server.location(bucket);
    }

    @Override
    protected int drafts() {
        return S3Server.client(bucket)
                .listMultipartUploads(request -> request.bucket(bucket.bucket()))
                .uploads()
                .size();
    }

    @Test
    void shouldPutEverythingBelowThePrefix() throws Exception {
        location().put(item, new byte[1]);

        assertThat(S3Server.client(bucket)
                        .listObjectsV2(request -> request.bucket(bucket.bucket()))
                        .contents())
                .extracting(S3Object::key)
                .containsExactly("kept/here/" + item.path());
        assertThat(location().place()).startsWith("s3://" + bucket.bucket() + "/kept/here");
    }

    @Test
    void shouldAskTheServerToEncryptAndToLock() throws Exception {
        LocationsFile.S3 strict = S3Server.settings(
                "strict", bucket.bucket(), proxy.endpoint(), "AES256", new LocationsFile.Lock("governance", 7));
        Location location = S3Server.location(strict);

        write(location, item, LARGE);

        location.put(item.beside("manifest.json"), new byte[3]);

        assertThat(proxy.requests())
                .filteredOn(request -> request.endsWith("AES256 GOVERNANCE 2026-03-08T10:00:00Z"))
                .extracting(request -> request.substring(0, request.indexOf(' ')))
                .containsExactly("POST", "PUT");
    }

    @Test
    void shouldAbortTheUploadThatIsNotPublished() throws Exception {
        try (Draft draft = location().begin(item)) {
            draft.write(ByteBuffer.wrap(LARGE));
            assertThat(drafts()).isEqualTo(1);
        }

        assertThat(drafts()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"500, InternalError", "503, SlowDown"})
    void shouldTryAPartAgainWhenTheServerIsBusy(int status, String code) throws Exception {
        proxy.answering(status, code, "PUT", "partNumber=2", 2);

        write(throughProxy(), item, LARGE);

        assertThat(read(location(), item)).isEqualTo(LARGE);
        assertThat(proxy.requests())
                .filteredOn(request -> request.contains("partNumber=2"))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "500, InternalError, UNREACHABLE",
        "503, ServiceUnavailable, UNREACHABLE",
        "403, AccessDenied, DENIED",
        "404, NoSuchBucket, NO_SUCH_PLACE",
        "507, XMinioStorageFull, FULL",
        "400, EntityTooLarge, BROKEN"
    })
    void shouldSayWhyAPartWasRefusedAndLeaveNoUpload(int status, String code, Reason reason) throws Exception {
        proxy.answering(status, code, "PUT", "partNumber=2", 100);

        LocationFault fault = catchThrowableOfType(LocationFault.class, () -> write(throughProxy(), item, LARGE));

        assertThat(fault.reason()).isEqualTo(reason);
        assertThat(fault).hasMessageContaining("location offsite").hasMessageContaining(code);
        assertThat(drafts()).isZero();
        assertThat(location().size(item)).isEmpty();
    }

    @Test
    void shouldGoOnWhenAPartsConnectionWasCut() throws Exception {
        proxy.with(Kind.CUT_AFTER, "PUT", "partNumber=1", 1);

        write(throughProxy(), item, LARGE);

        assertThat(read(location(), item)).isEqualTo(LARGE);
    }

    @Test
    void shouldNotWaitForEverForASilentServer() {
        proxy.with(Kind.SILENCE, "PUT", "partNumber=2", 100);

        LocationFault fault = catchThrowableOfType(
                LocationFault.class, () -> write(throughProxy(Duration.ofMillis(500)), item, LARGE));

        assertThat(fault.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(fault).hasMessageContaining("did not answer");
        assertThat(drafts()).isZero();
    }

    @Test
    void shouldWaitForASlowServer() throws Exception {
        proxy.with(Kind.SLOW, "PUT", "partNumber", 3);

        write(throughProxy(), item, LARGE);

        assertThat(read(location(), item)).isEqualTo(LARGE);
    }

    @Test
    void shouldFailWhenTheUploadCannotBeCompleted() throws Exception {
        proxy.answering(503, "SlowDown", "POST", "uploadId", 100);

        LocationFault fault = catchThrowableOfType(LocationFault.class, () -> write(throughProxy(), item, LARGE));

        assertThat(fault.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(drafts()).isZero();
        assertThat(location().size(item)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void shouldSeeThatAnUploadWasCompletedAlthoughTheAnswerWasLost(int lost) throws Exception {
        proxy.with(Kind.CUT_AFTER, "POST", "uploadId", lost);

        write(throughProxy(), item, LARGE);

        assertThat(read(location(), item)).isEqualTo(LARGE);
        assertThat(drafts()).isZero();
    }

    @Test
    void shouldReadOnFromWhereTheAnswerBrokeOff() throws Exception {
        write(location(), item, LARGE);
        proxy.with(Kind.CUT_WITHIN, "GET", item.path(), 2);

        byte[] read = read(throughProxy(), item);

        assertThat(read).isEqualTo(LARGE);
        assertThat(proxy.requests())
                .filteredOn(request -> request.startsWith("GET"))
                .hasSize(3);
    }

    @Test
    void shouldNotMixTwoVersionsOfAFile() throws Exception {
        write(location(), item, LARGE);
        proxy.with(Kind.CUT_WITHIN, "GET", item.path(), 1);
        Location cut = throughProxy();
        LocationFault fault;
        try (var in = cut.open(item)) {
            in.readNBytes(100);
            write(location(), item, random(17_000_000));

            fault = catchThrowableOfType(LocationFault.class, in::readAllBytes);
        }

        assertThat(fault).hasMessageContaining("412");
    }

    @Test
    void shouldSayThatThereIsNoSuchBucket() {
        LocationsFile.S3 gone = S3Server.settings("gone", "no-such-bucket", S3Server.endpoint(), null, null);

        LocationFault fault =
                catchThrowableOfType(LocationFault.class, () -> write(S3Server.location(gone), item, new byte[1]));

        assertThat(fault.reason()).isEqualTo(Reason.NO_SUCH_PLACE);
        assertThat(fault).hasMessageContaining("NoSuchBucket");
    }

    @Test
    void shouldSayThatNobodyListens() {
        LocationsFile.S3 away = S3Server.settings("away", "backups", URI.create("http://127.0.0.1:1"), null, null);

        LocationFault fault =
                catchThrowableOfType(LocationFault.class, () -> write(S3Server.location(away), item, new byte[1]));

        assertThat(fault.reason()).isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void shouldSayWhichReferenceHasNoValueAndNoSecret() {
        S3Location nobody = S3Location.of(
                bucket,
                reference -> {
                    throw new IllegalArgumentException("${env:SLIPWAY_REF_KEY} has no value");
                },
                java.time.Clock.systemUTC());

        LocationFault fault = catchThrowableOfType(LocationFault.class, () -> nobody.put(item, new byte[1]));

        assertThat(fault.reason()).isEqualTo(Reason.DENIED);
        assertThat(fault).hasMessageContaining("SLIPWAY_REF_KEY");
    }

    @Test
    void shouldTakeTenThousandPartsOfGrowingSize() {
        long most = 0;
        for (int number = 1; number <= 10_000; number++) {
            most += Parts.size(number);
        }

        assertThat(most).isGreaterThan(190L << 30);
        assertThat(List.of(Parts.size(1), Parts.size(10_000))).containsExactly(8 << 20, 24 << 20);
    }

    private Location throughProxy() {
        return throughProxy(Duration.ofSeconds(20));
    }

    private Location throughProxy(Duration timeout) {
        return S3Server.location(new LocationsFile.S3(
                bucket.name(),
                bucket.bucket(),
                bucket.region(),
                proxy.endpoint(),
                bucket.prefix(),
                true,
                "access",
                "secret",
                null,
                null,
                null,
                timeout));
    }
}
