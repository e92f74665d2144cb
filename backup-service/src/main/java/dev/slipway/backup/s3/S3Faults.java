package dev.slipway.backup.s3;

import dev.slipway.backup.location.LocationFault.Reason;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What a bucket's refusals mean.
final class S3Faults {
    private S3Faults() {}

    static Reason reason(SdkException e) {
        return switch (e) {
            case S3Exception answer -> reason(answer);
            case AbortedException _ -> Reason.STALLED;
            default -> Reason.UNREACHABLE;
        };
    }

    private static Reason reason(S3Exception answer) {
        String code = answer.awsErrorDetails() == null
                ? ""
                : String.valueOf(answer.awsErrorDetails().errorCode());
        return switch (code) {
            case "NoSuchBucket" -> Reason.NO_SUCH_PLACE;
            case "NoSuchKey" -> Reason.MISSING;
            case "QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity" -> Reason.FULL;
            default ->
                switch (answer.statusCode()) {
                    case 401, 403 -> Reason.DENIED;
                    case 404 -> Reason.MISSING;
                    case 507 -> Reason.FULL;
                    default -> answer.statusCode() >= 500 ? Reason.UNREACHABLE : Reason.BROKEN;
                };
        };
    }

    /// In a few words: the SDK's own messages hold request ids, and sometimes more.
    static String said(SdkException e) {
        return switch (e) {
            case S3Exception answer -> {
                String code = answer.awsErrorDetails() == null
                        ? ""
                        : " " + answer.awsErrorDetails().errorCode();
                yield "answered %d%s".formatted(answer.statusCode(), code);
            }
            case ApiCallTimeoutException _, ApiCallAttemptTimeoutException _ -> "did not answer in time";
            case AbortedException _ -> "was given up";
            default ->
                "did not answer: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        };
    }
}
