package dev.slipway.backup.s3;

import dev.slipway.backup.location.Draft;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.location.LocationFault.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/// A file on its way to a bucket, part by part. It appears when the upload is completed; an upload that is not is
/// aborted, and the bucket forgets its parts.
final class S3Draft implements Draft {
    private static final Logger LOG = Logger.getLogger(S3Draft.class);
    private static final int MOST_PARTS = 10_000;

    private final S3Location location;
    private final Item item;
    private final String key;
    private final String upload;
    private final Parts part = new Parts();
    private final List<CompletedPart> uploaded = new ArrayList<>();
    private long bytes;
    private boolean completing;
    private boolean published;

    S3Draft(S3Location location, Item item, String key, String upload) {
        this.location = location;
        this.item = item;
        this.key = key;
        this.upload = upload;
    }

    @Override
    public void write(ByteBuffer more) throws LocationFault {
        bytes += more.remaining();
        while (more.hasRemaining()) {
            if (part.isFull()) {
                upload();
            }
            part.fill(more);
        }
    }

    @Override
    public void finish() throws LocationFault {
        if (part.length() > 0 || uploaded.isEmpty()) {
            upload();
        }
    }

    private void upload() throws LocationFault {
        if (part.number() > MOST_PARTS) {
            throw new LocationFault(
                    Reason.FULL, "location %s: %s has too many parts".formatted(location.name(), item), null);
        }
        String tag = location.call(
                "uploading part %d of %s".formatted(part.number(), item),
                () -> location.client()
                        .uploadPart(
                                request -> request.bucket(location.bucket())
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(part.number())
                                        .contentMD5(part.md5()),
                                S3Location.body(part.bytes(), part.length()))
                        .eTag());
        uploaded.add(CompletedPart.builder().partNumber(part.number()).eTag(tag).build());
        part.next();
    }

    @Override
    public void publish() throws LocationFault {
        completing = true;
        try {
            location.call(
                    "completing " + item,
                    () -> location.client()
                            .completeMultipartUpload(request -> request.bucket(location.bucket())
                                    .key(key)
                                    .uploadId(upload)
                                    .multipartUpload(parts -> parts.parts(uploaded))));
        } catch (LocationFault fault) {
            // The bucket may have done it and its answer been lost; asked again it knows no such upload any more.
            boolean unsure = fault.reason() == Reason.UNREACHABLE || fault.reason() == Reason.MISSING;
            if (!unsure || !isThere()) {
                throw fault;
            }
        }
        published = true;
    }

    private boolean isThere() {
        try {
            OptionalLong size = location.size(item);
            return size.isPresent() && size.getAsLong() == bytes;
        } catch (LocationFault _) {
            return false;
        }
    }

    @Override
    public void close() {
        if (published) {
            return;
        }
        abort();
        if (completing) {
            try {
                location.delete(item);
            } catch (LocationFault e) {
                LOG.warnf("file left behind location=%s item=%s: %s", location.name(), item, e.getMessage());
            }
        }
    }

    private void abort() {
        try {
            location.client()
                    .abortMultipartUpload(request ->
                            request.bucket(location.bucket()).key(key).uploadId(upload));
        } catch (NoSuchUploadException _) {
            // The bucket has forgotten it already.
        } catch (SdkException e) {
            LOG.warnf("upload left behind location=%s item=%s: %s", location.name(), item, S3Faults.said(e));
        }
    }
}
