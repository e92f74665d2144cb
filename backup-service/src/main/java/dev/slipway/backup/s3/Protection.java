package dev.slipway.backup.s3;

import dev.slipway.backup.storage.LocationsFile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/// How new objects are protected: encrypted by the server, locked against deletion.
record Protection(LocationsFile.S3 settings, Clock clock) {
    CreateMultipartUploadRequest.Builder on(CreateMultipartUploadRequest.Builder request) {
        if (settings.encryption() != null) {
            request.serverSideEncryption(ServerSideEncryption.fromValue(settings.encryption()))
                    .ssekmsKeyId(settings.kmsKey());
        }
        if (settings.lock() != null) {
            request.objectLockMode(mode()).objectLockRetainUntilDate(until());
        }
        return request;
    }

    PutObjectRequest.Builder on(PutObjectRequest.Builder request) {
        if (settings.encryption() != null) {
            request.serverSideEncryption(ServerSideEncryption.fromValue(settings.encryption()))
                    .ssekmsKeyId(settings.kmsKey());
        }
        if (settings.lock() != null) {
            request.objectLockMode(mode()).objectLockRetainUntilDate(until());
        }
        return request;
    }

    private ObjectLockMode mode() {
        return ObjectLockMode.fromValue(settings.lock().mode().toUpperCase(Locale.ROOT));
    }

    private Instant until() {
        return clock.instant().plus(Duration.ofDays(settings.lock().days()));
    }
}
