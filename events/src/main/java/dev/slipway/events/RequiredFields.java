package dev.slipway.events;

import java.lang.reflect.RecordComponent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Holds a record that was read against its own declaration: a component is required unless it is `@Nullable`.
final class RequiredFields {
    private RequiredFields() {}

    static void check(Object value) {
        check(value, "");
    }

    private static void check(Object value, String path) {
        switch (value) {
            case Record r -> components(r, path);
            case Iterable<?> list -> {
                int i = 0;
                for (Object item : list) {
                    checkItem(item, path + "[" + i++ + "]");
                }
            }
            case Map<?, ?> map -> map.forEach((key, item) -> checkItem(item, path + "." + key));
            default -> {}
        }
    }

    private static void checkItem(@Nullable Object item, String path) {
        if (item == null) {
            throw new UnreadableEvent("missing " + path);
        }
        check(item, path);
    }

    private static void components(Record value, String path) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String name = path.isEmpty() ? component.getName() : path + "." + component.getName();
            Object item = read(component, value);
            if (item != null) {
                check(item, name);
            } else if (!isNullable(component)) {
                throw new UnreadableEvent("missing " + name);
            }
        }
    }

    static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static @Nullable Object read(RecordComponent component, Record value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
