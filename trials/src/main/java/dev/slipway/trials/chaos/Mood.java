package dev.slipway.trials.chaos;

/// How a receiver of notices treats what comes.
enum Mood {
    WELL("takes everything"),
    /// HTTP 500, SMTP 451.
    FAILING("answers 500"),
    /// HTTP 429 with `Retry-After`, SMTP 421.
    LIMITING("answers 429"),
    /// Takes the connection and says nothing.
    HANGING("answers nothing"),
    /// Keeps the message and then says nothing: the sender cannot know.
    SWALLOWING("keeps what comes and answers nothing");

    private final String words;

    Mood(String words) {
        this.words = words;
    }

    String inWords() {
        return words;
    }
}
