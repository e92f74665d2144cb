package dev.slipway.demo;

import dev.slipway.demo.story.Leavings;
import dev.slipway.demo.story.Narrator;
import dev.slipway.demo.story.Patience;
import dev.slipway.demo.story.Stage;
import dev.slipway.demo.story.Story;
import dev.slipway.demo.story.StoryFailure;
import dev.slipway.events.Catalogue;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.process.LogTail;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Tells the story: a build goes to production, a bad one comes back. Ends with 0 only when all of it was seen.
@Command(
        name = "./slipway demo",
        description = {
            "Starts a fresh suite of its own on free ports, takes a good build of a shop to production and sees a bad one",
            "called back; everything it claims it has seen. Leaves reports, messages and events in .slipway/demo."
        },
        mixinStandardHelpOptions = true)
public final class Demo implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final int LINES_OF_LOGS = 12;

    @Option(names = "--no-color", description = "Tells without colours, as it does when nobody looks at a terminal.")
    private boolean plain;

    @Option(names = "--folder", paramLabel = "FOLDER", description = "Where everything is left (.slipway/demo).")
    private Path folder = project().resolve(".slipway").resolve("demo");

    public static void main(String[] args) {
        System.exit(new CommandLine(new Demo()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(folder);
        var terminal = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        Stage.clear(folder, terminal::println);
        Leavings leavings = Leavings.in(folder);
        boolean colour = !plain && System.console() != null && System.console().isTerminal();
        try (var narrator = new Narrator(terminal, leavings.story(), colour)) {
            return tell(narrator, leavings) ? 0 : 1;
        }
    }

    private boolean tell(Narrator narrator, Leavings leavings) throws IOException {
        narrator.print("A good build of the shop goes to production; a bad one comes back by itself.");
        var patience = Patience.of(LIMIT);
        narrator.print("");
        narrator.tell("starting Kafka, PostgreSQL, the four services; beside them the shop's edge, a mailbox, a Slack");
        try (Stage stage = Stage.set(project(), folder, Clock.systemUTC(), narrator::tell)) {
            new Story(stage, narrator, patience, leavings).tell();
            return true;
        } catch (SuiteFailure e) {
            narrator.failed(e.getMessage());
        } catch (StoryFailure e) {
            narrator.failed(e.getMessage());
            tellLogs(narrator);
        } catch (Exception e) {
            narrator.failed("the story broke off: " + e);
            e.printStackTrace();
            tellLogs(narrator);
        }
        return false;
    }

    private void tellLogs(Narrator narrator) {
        Path logs = folder.resolve("suite").resolve("logs");
        for (String service : List.of(Catalogue.MONITOR, Catalogue.NOTIFY, Catalogue.BACKUP, Catalogue.DEPLOY)) {
            narrator.print(LogTail.of(logs.resolve(service + ".log"), LINES_OF_LOGS));
        }
    }

    private static Path project() {
        return Path.of(System.getProperty("slipway.home", "")).toAbsolutePath().normalize();
    }
}
