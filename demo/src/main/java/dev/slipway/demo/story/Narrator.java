package dev.slipway.demo.story;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Tells the story line by line, each with the seconds since the beginning, to the terminal and to a file; keeps what
/// was observed for the summary. Any thread may tell.
public final class Narrator implements Closeable {
    private static final String BOLD = "\u001b[1m";
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";
    private static final String INDENT = " ".repeat(10);
    private static final int WIDTH = 108;

    private final PrintStream terminal;
    private final PrintWriter file;
    private final boolean colour;
    private final long start = System.nanoTime();
    private final List<Observation> observations = new ArrayList<>();

    /// Something that was seen to be so.
    /// @param where it was seen: an interface, a database, a mailbox, a topic
    /// @param at since the beginning
    public record Observation(String what, String where, Duration at) {}

    /// @param colour whether the terminal may be written to in colours; the file never is
    public Narrator(PrintStream terminal, Path file, boolean colour) throws IOException {
        this.terminal = terminal;
        this.file = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8), true);
        this.colour = colour;
    }

    public void chapter(int number, String title) {
        print("");
        print(number + "  " + title, BOLD);
    }

    /// A line of the story. @param line may have several lines; the later ones are indented
    public void tell(String line) {
        print(stamp() + "   " + indented(line));
    }

    /// Words in a row, in as many lines as they need.
    public void list(List<String> words, String between) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            if (line.length() + word.length() > WIDTH) {
                print(INDENT + line);
                line.setLength(0);
            }
            line.append(word).append(word.equals(words.getLast()) ? "" : between);
        }
        print(INDENT + line);
    }

    /// Something was seen to be so: told, and kept for the summary.
    public void observed(String what, String where) {
        synchronized (observations) {
            observations.add(new Observation(what, where, sinceStart()));
        }
        print(stamp() + " ", "✓", GREEN, " " + indented(what + "  [" + where + "]"));
    }

    public void failed(String why) {
        print(stamp() + " ", "✗", RED, " " + indented(why));
    }

    /// A line without its time.
    public void print(String line) {
        write(line, line);
    }

    public List<Observation> observations() {
        synchronized (observations) {
            return List.copyOf(observations);
        }
    }

    public Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public void close() {
        file.close();
    }

    private String stamp() {
        return String.format(Locale.ROOT, "%7.1f", sinceStart().toMillis() / 1000.0);
    }

    /// Every line in as many lines as it needs.
    private static String indented(String text) {
        return text.lines().map(Narrator::wrapped).collect(Collectors.joining("\n" + INDENT));
    }

    private static String wrapped(String line) {
        StringBuilder lines = new StringBuilder();
        String rest = line;
        while (rest.length() > WIDTH) {
            int cut = rest.lastIndexOf(' ', WIDTH);
            if (cut <= WIDTH / 2) {
                break;
            }
            lines.append(rest, 0, cut).append('\n').append(INDENT).append("    ");
            rest = rest.substring(cut + 1);
        }
        return lines.append(rest).toString();
    }

    private void print(String text, String style) {
        write(colour ? style + text + PLAIN : text, text);
    }

    private void print(String before, String mark, String style, String after) {
        write(before + (colour ? style + mark + PLAIN : mark) + after, before + mark + after);
    }

    private synchronized void write(String toTerminal, String toFile) {
        terminal.println(toTerminal);
        file.println(toFile);
    }
}
