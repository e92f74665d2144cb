package dev.slipway.notify.channel;

/// The beginning of what a receiver said, fit for one line of a list.
final class Excerpt {
    private Excerpt() {}

    static String of(String text, int limit) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.codePointCount(0, line.length()) <= limit
                ? line
                : line.substring(0, line.offsetByCodePoints(0, limit)) + "…";
    }
}
