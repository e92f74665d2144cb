package dev.slipway.deploy.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// HTTP requests that show whether a deployment works, in order; what one captures the later ones use (`${token}`).
public record SmokeSuite(String name, List<Request> steps) {
    public SmokeSuite {
        steps = List.copyOf(steps);
    }

    /// @param method `GET`, `POST` …
    /// @param path below the URL of what is tested
    /// @param within time limit of the answer; absent: the suite's deadline is the only one
    /// @param capture variable → JSON path into the answer
    public record Request(
            String name,
            String method,
            String path,
            @Nullable Duration within,
            Map<String, String> headers,
            @Nullable JsonNode body,
            Expect expect,
            Map<String, String> capture) {
        public Request {
            headers = new LinkedHashMap<>(headers);
            capture = new LinkedHashMap<>(capture);
        }
    }

    /// @param json JSON path → the value that must stand there
    /// @param contains a text that must be in the answer's body
    public record Expect(
            int status,
            Map<String, JsonNode> json,
            @Nullable String contains) {
        public Expect {
            json = new LinkedHashMap<>(json);
        }
    }
}
