package dev.slipway.outbound;

import io.vertx.core.http.HttpClientResponse;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLSession;

/// An answer as a value.
record Answer(HttpRequest request, int statusCode, HttpHeaders headers, byte[] body) implements HttpResponse<byte[]> {
    static HttpHeaders headers(HttpClientResponse response) {
        Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers()
                .forEach((name, value) ->
                        all.computeIfAbsent(name, _ -> new ArrayList<>()).add(value));
        return HttpHeaders.of(all, (_, _) -> true);
    }

    @Override
    public Optional<HttpResponse<byte[]>> previousResponse() {
        return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
        return Optional.empty();
    }

    @Override
    public URI uri() {
        return request.uri();
    }

    @Override
    public Version version() {
        return Version.HTTP_1_1;
    }
}
