package dev.slipway.web;

import java.util.LinkedHashMap;
import java.util.Map;

/// Remembers so many texts, those that were asked for last.
final class Known {
    private final Map<String, Boolean> texts;

    Known(int most) {
        this.texts = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > most;
            }
        };
    }

    synchronized boolean holds(String text) {
        return texts.get(text) != null;
    }

    synchronized void add(String text) {
        texts.put(text, true);
    }

    synchronized void remove(String text) {
        texts.remove(text);
    }
}
