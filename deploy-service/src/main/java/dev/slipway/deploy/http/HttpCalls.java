package dev.slipway.deploy.http;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Calls to other systems, bounded in time and size. Redirects are answers like others: whoever follows one may carry a
/// token to where it does not belong.
@Singleton
public final class HttpCalls {
    /// The most an answer's body may have, in bytes.
    public static final int LARGEST_BODY = 1 << 20;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    /// Sends a request and waits for the whole answer.
    ///
    /// @param deadline from now to the body's last byte
    /// @throws HttpTimeoutException when the deadline passed; the call is given up
    /// @throws IOException when there was no answer, or a larger one than allowed
    public HttpResponse<byte[]> send(HttpRequest request, Duration deadline) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_BODY));
        try {
            return answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            answer.cancel(true);
            throw new HttpTimeoutException("no answer within " + deadline.toMillis() + " ms");
        } catch (InterruptedException _) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for an answer");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    /// Why a call had no answer, in words: the platform's exceptions often have no message.
    public static String reason(IOException e) {
        return switch (e) {
            case HttpTimeoutException timeout -> String.valueOf(timeout.getMessage());
            case java.net.ConnectException _ -> "no connection";
            default ->
                e.getMessage() == null || e.getMessage().isBlank()
                        ? e.getClass().getSimpleName()
                        : e.getMessage();
        };
    }
}
