package dev.slipway.demo.story;

import java.nio.file.Path;
import java.util.List;

/// Something that had to be seen was not seen, or something else was. The message says which and what was seen instead.
public final class StoryFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Path> logs;

    public StoryFailure(String message, Path... logs) {
        super(message);
        this.logs = List.of(logs);
    }

    public StoryFailure(String message, Throwable cause) {
        super(message, cause);
        this.logs = List.of();
    }

    /// Where the reason may stand.
    public List<Path> logs() {
        return logs;
    }
}
