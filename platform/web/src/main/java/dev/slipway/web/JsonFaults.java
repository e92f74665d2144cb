package dev.slipway.web;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Says what is wrong with a JSON body: 400 when it is no JSON, 422 when it is not what the endpoint reads; in words
/// that name the place and no class of ours.
final class JsonFaults {
    private JsonFaults() {}

    static Problem problemOf(JsonProcessingException e) {
        if (e instanceof JsonMappingException mapping) {
            return Problem.unprocessable("The body is not what is read here.", List.of(faultOf(mapping)));
        }
        JsonLocation at = e.getLocation();
        return Problem.badRequest(
                "The body is not JSON.", List.of(fault("", "is no JSON: " + firstLine(e.getOriginalMessage()), at)));
    }

    private static Fault faultOf(JsonMappingException e) {
        return fault(pathOf(e), messageOf(e), e.getLocation());
    }

    private static String messageOf(JsonMappingException e) {
        return switch (e) {
            case KeepableTexts.NotKeepable text -> text.getOriginalMessage();
            case UnrecognizedPropertyException unknown ->
                "unknown field; known are "
                        + unknown.getKnownPropertyIds().stream()
                                .map(String::valueOf)
                                .sorted()
                                .collect(Collectors.joining(", "));
            case InvalidFormatException wrong ->
                "'%s' is not %s".formatted(wrong.getValue(), kindOf(wrong.getTargetType()));
            case ValueInstantiationException refused
            when refused.getCause() instanceof IllegalArgumentException cause && cause.getMessage() != null ->
                firstLine(cause.getMessage());
            case ValueInstantiationException refused
            when refused.getCause() instanceof NullPointerException cause && cause.getMessage() != null ->
                "missing: " + firstLine(cause.getMessage());
            case MismatchedInputException mismatch
            when mismatch.getTargetType() != null -> "is not " + kindOf(mismatch.getTargetType());
            default -> "cannot be read";
        };
    }

    private static String kindOf(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return type == boolean.class ? "true or false" : "a number";
        }
        if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
            return "a list";
        }
        if (type.getName().startsWith("java.")) {
            return "a " + type.getSimpleName();
        }
        return "an object with the expected fields";
    }

    private static String pathOf(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }

    private static Fault fault(String path, String message, JsonLocation at) {
        return at == null || at.getLineNr() < 1
                ? Fault.at(path, message)
                : new Fault(path, message, at.getLineNr(), at.getColumnNr());
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
