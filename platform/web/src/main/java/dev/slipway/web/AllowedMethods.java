package dev.slipway.web;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which methods a path knows: a refusal of another one has to say so (RFC 9110, 15.5.6), and the framework's does not.
@Singleton
final class AllowedMethods {
    private final List<Operation> operations;

    /// @param path a regular expression
    private record Operation(String path, String method) {}

    AllowedMethods(BeanManager beans) {
        operations = beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
                .map(Bean::getBeanClass)
                .filter(type -> type.isAnnotationPresent(Path.class))
                .distinct()
                .flatMap(AllowedMethods::operations)
                .toList();
    }

    private static Stream<Operation> operations(Class<?> resource) {
        String start = resource.getAnnotation(Path.class).value();
        return Stream.of(resource.getDeclaredMethods())
                .flatMap(method -> Stream.of(method.getAnnotations())
                        .map(Annotation::annotationType)
                        .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                        .map(type -> type.getAnnotation(HttpMethod.class).value())
                        .map(name -> new Operation(expression(start + "/" + under(method)), name)));
    }

    private static String under(Method method) {
        Path path = method.getAnnotation(Path.class);
        return path == null ? "" : path.value();
    }

    /// `/releases/{id}/report` as `/releases/[^/]+/report/?`; `{rest:.+}` says itself what it takes.
    private static String expression(String template) {
        return ("/" + template)
                        .replaceAll("/+", "/")
                        .replaceAll("\\{\\s*[\\w.-]+\\s*:\\s*([^{}]+)}", "$1")
                        .replaceAll("\\{[^{}]+}", "[^/]+")
                        .replaceAll("/$", "")
                + "/?";
    }

    /// As the header `Allow` has them; with GET comes HEAD.
    String of(String path) {
        return operations.stream()
                .filter(operation -> path.matches(operation.path()))
                .flatMap(operation ->
                        operation.method().equals("GET") ? Stream.of("GET", "HEAD") : Stream.of(operation.method()))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
