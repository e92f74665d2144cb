package dev.slipway.deploy.http;

import dev.slipway.outbound.OutboundHttp;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/// Calls to other systems, bounded in time and size.
@Singleton
public final class HttpCalls {
    /// The most an answer's body may have, in bytes.
    public static final int LARGEST_BODY = 1 << 20;

    private final OutboundHttp http;

    public HttpCalls(OutboundHttp http) {
        this.http = http;
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// @param deadline from now to the body's last byte
    /// @throws HttpTimeoutException when the deadline passed; the call is given up
    /// @throws dev.slipway.outbound.Refused when the request may not go there
    /// @throws IOException when there was no answer, or a larger one than allowed
    public HttpResponse<byte[]> send(HttpRequest request, Duration deadline) throws IOException {
        return http.send(request, deadline, LARGEST_BODY);
    }

    /// Why a call had no answer, in words: the platform's exceptions often have no message, or name the host.
    public static String reason(IOException e) {
        return switch (e) {
            case HttpTimeoutException timeout -> String.valueOf(timeout.getMessage());
            case UnknownHostException _ -> "the host's name is unknown";
            case java.net.ConnectException _ -> "no connection";
            default ->
                e.getMessage() == null || e.getMessage().isBlank()
                        ? e.getClass().getSimpleName()
                        : e.getMessage();
        };
    }
}
