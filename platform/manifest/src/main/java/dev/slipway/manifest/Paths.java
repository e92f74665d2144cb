package dev.slipway.manifest;

import java.util.regex.Pattern;

/// How a place in a manifest is written: `environments[1].gates`, `labels["$.status"]`.
final class Paths {
    private static final Pattern SIMPLE = Pattern.compile("[A-Za-z0-9_-]+");

    private Paths() {}

    static String key(String path, String key) {
        if (!SIMPLE.matcher(key).matches()) {
            return "%s[\"%s\"]".formatted(path, key);
        }
        return path.isEmpty() ? key : path + "." + key;
    }

    static String item(String path, int index) {
        return "%s[%d]".formatted(path, index);
    }
}
