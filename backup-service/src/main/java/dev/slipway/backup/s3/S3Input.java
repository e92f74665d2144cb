package dev.slipway.backup.s3;

import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.location.LocationFault.Reason;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// A file in a bucket, read from where the connection broke off when it does: the same version of it, or none.
final class S3Input extends InputStream {
    private static final int RESUMPTIONS = 5;

    private final S3Location location;
    private final Item item;
    private final String key;
    private final String tag;
    private final long length;
    private long position;
    private int resumed;
    private @Nullable ResponseInputStream<GetObjectResponse> current;

    S3Input(S3Location location, Item item, String key, String tag, long length) {
        this.location = location;
        this.item = item;
        this.key = key;
        this.tag = tag;
        this.length = length;
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int count) throws IOException {
        while (position < length) {
            try {
                int read = begun().read(to, offset, count);
                if (read >= 0) {
                    position += read;
                    return read;
                }
                again(new IOException("it ended after %d of %d bytes".formatted(position, length)));
            } catch (LocationFault e) {
                throw e;
            } catch (IOException e) {
                again(e);
            } catch (SdkException e) {
                throw location.fault(e, "reading " + item);
            }
        }
        return -1;
    }

    private ResponseInputStream<GetObjectResponse> begun() throws LocationFault {
        ResponseInputStream<GetObjectResponse> open = current;
        if (open == null) {
            open = location.call(
                    "reading " + item,
                    () -> location.client().getObject(request -> {
                        request.bucket(location.bucket()).key(key).ifMatch(tag);
                        if (position > 0) {
                            request.range("bytes=%d-".formatted(position));
                        }
                    }));
            current = open;
        }
        return open;
    }

    private void again(IOException why) throws LocationFault {
        close();
        if (++resumed > RESUMPTIONS) {
            throw new LocationFault(
                    Reason.UNREACHABLE,
                    "location %s: reading %s broke off: %s".formatted(location.name(), item, why.getMessage()),
                    why);
        }
    }

    @Override
    public void close() {
        ResponseInputStream<GetObjectResponse> open = current;
        current = null;
        if (open != null) {
            // To close it would be to read what is left of it.
            open.abort();
        }
    }
}
