package dev.slipway.demo.story;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.demo.receivers.Mailbox.Mail;
import dev.slipway.demo.receivers.SlackReceiver.Post;
import dev.slipway.events.EventCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What a walk leaves in its folder: reports, messages, events, the story, logs.
public final class Leavings {
    private final Path folder;

    private Leavings(Path folder) {
        this.folder = folder;
    }

    /// Deletes what an earlier walk left there; logs are cleared with the suite they belong to.
    public static Leavings in(Path folder) throws IOException {
        var leavings = new Leavings(folder);
        Files.createDirectories(leavings.messages());
        try (Stream<Path> old = Stream.concat(Files.list(folder), Files.list(leavings.messages()))) {
            for (Path file : old.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        return leavings;
    }

    public Path story() {
        return folder.resolve("story.txt");
    }

    public Path events() {
        return folder.resolve("events.jsonl");
    }

    public Path messages() {
        return folder.resolve("messages");
    }

    /// @param name `A` or `B`
    public void report(String name, JsonNode report) throws IOException {
        Files.writeString(folder.resolve("report-" + name + ".json"), report.toPrettyString() + "\n");
    }

    /// Each mail as it came over the wire, each post as JSON, numbered in the order they came.
    public void messages(List<Mail> mails, List<Post> posts) throws IOException {
        int number = 0;
        for (Mail mail : mails) {
            String name = "%02d-%s.eml".formatted(++number, slug(mail.subject()));
            Files.writeString(messages().resolve(name), mail.raw());
        }
        for (Post post : posts) {
            String title = post.text().lines().findFirst().orElse("");
            String json = EventCodec.json().writerWithDefaultPrettyPrinter().writeValueAsString(post.body());
            Files.writeString(messages().resolve("%02d-slack-%s.json".formatted(++number, slug(title))), json + "\n");
        }
    }

    /// Everything that is left here, and what lies in these folders of logs.
    List<Path> files(Path... logs) throws IOException {
        List<Path> files = new ArrayList<>(files(folder, 1));
        files.addAll(files(messages(), 1));
        for (Path log : logs) {
            files.addAll(files(log, 4));
        }
        return files;
    }

    /// The names of what lies here, for the end of the story.
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path file : files(folder, 1)) {
            names.add(file.getFileName().toString());
        }
        int messages = files(messages(), 1).size();
        names.add("messages/ (%d)".formatted(messages));
        return names;
    }

    private static List<Path> files(Path folder, int depth) throws IOException {
        try (Stream<Path> tree = Files.walk(folder, depth)) {
            return tree.filter(Files::isRegularFile)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private static String slug(String text) {
        String slug =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return slug.substring(0, Math.min(60, slug.length()));
    }
}
