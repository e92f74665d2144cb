package dev.slipway.trials.check;

/// A line a script wrote down.
///
/// @param nanos when, since 1970
/// @param moment `begin`, `effect` or `end` of one run of a script
/// @param step the key the run came with
/// @param run which of the key's runs: a process id
/// @param environment `lab-1/test`
record Effect(
        long nanos,
        String moment,
        String step,
        String run,
        String kind,
        String environment,
        String version,
        String release) {
    static Effect of(String line) {
        String[] words = line.split(" ");
        if (words.length != 8) {
            throw new IllegalArgumentException("not what a script writes down: " + line);
        }
        return new Effect(
                Long.parseLong(words[0]), words[1], words[2], words[3], words[4], words[5], words[6], words[7]);
    }

    /// One run of a script for one key.
    String whole() {
        return step + " " + run;
    }
}
