package dev.slipway.deploy.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import dev.slipway.deploy.manifest.SmokeSuite.Expect;
import dev.slipway.deploy.manifest.SmokeSuite.Request;
import dev.slipway.manifest.ManifestNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads a suite of smoke tests.
final class SmokeReader {
    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}:]*)}");

    private final Set<String> captured = new HashSet<>();

    private SmokeReader() {}

    static SmokeSuite suite(ManifestNode node) {
        SmokeReader reader = new SmokeReader();
        return new SmokeSuite(node.name("name"), node.named("steps", reader::request));
    }

    private Request request(ManifestNode node) {
        List<String> methods = METHODS.stream().filter(node::has).toList();
        if (methods.size() != 1) {
            node.fault("must have exactly one of %s, with the path".formatted(String.join(", ", METHODS)));
        }
        String method = methods.isEmpty() ? METHODS.getFirst() : methods.getFirst();
        Request request = new Request(
                node.text("name"),
                method.toUpperCase(Locale.ROOT),
                methods.isEmpty() ? "/" : path(node, method),
                node.optionalDuration("within").orElse(null),
                node.optionalTextMap("headers"),
                node.optionalJson("body").orElse(null),
                node.object("expect", SmokeReader::expect),
                capture(node));
        uncaptured(request).forEach(name -> node.fault("uses ${%s}, which no earlier step captures".formatted(name)));
        captured.addAll(request.capture().keySet());
        return request;
    }

    private static String path(ManifestNode node, String method) {
        String path = node.text(method);
        if (!path.isEmpty() && !path.startsWith("/")) {
            node.fault(method, "must be a path that starts with '/', not '%s'".formatted(path));
        }
        return path;
    }

    private static Expect expect(ManifestNode node) {
        Map<String, JsonNode> json = node.optionalMap("json", ManifestNode::asJson);
        json.keySet().forEach(path -> checkPath(node, "json", path));
        // A server's error is never what a working deployment answers.
        return new Expect(
                node.integer("status", 100, 499),
                json,
                node.optionalText("contains").orElse(null));
    }

    private static Map<String, String> capture(ManifestNode node) {
        Map<String, String> capture = node.optionalTextMap("capture");
        capture.forEach((name, path) -> {
            if (!VARIABLE.matcher(name).matches()) {
                node.fault("capture", "'%s' is not a name of letters, digits and '_'".formatted(name));
            }
            checkPath(node, "capture", path);
        });
        return capture;
    }

    private static void checkPath(ManifestNode node, String key, String path) {
        try {
            if (path.startsWith("$") && JsonPath.compile(path).isDefinite()) {
                return;
            }
        } catch (InvalidPathException | IllegalArgumentException _) {
            // said below
        }
        node.fault(key, "'%s' is not a JSON path to one value, such as $.items[0].id".formatted(path));
    }

    private List<String> uncaptured(Request request) {
        Stream<String> texts = Stream.of(
                        Stream.of(request.path()),
                        request.headers().values().stream(),
                        Stream.ofNullable(request.body()).map(Object::toString),
                        request.expect().json().values().stream().map(Object::toString),
                        Stream.ofNullable(request.expect().contains()))
                .flatMap(each -> each);
        return texts.flatMap(text -> PLACEHOLDER.matcher(text).results())
                .map((MatchResult match) -> match.group(1))
                .filter(name -> !captured.contains(name))
                .distinct()
                .toList();
    }
}
