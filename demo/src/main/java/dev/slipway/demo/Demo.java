package dev.slipway.demo;

import dev.slipway.demo.story.Leavings;
import dev.slipway.demo.story.LogExcerpt;
import dev.slipway.demo.story.Narrator;
import dev.slipway.demo.story.Patience;
import dev.slipway.demo.story.Stage;
import dev.slipway.demo.story.Story;
import dev.slipway.demo.story.StoryFailure;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.SuiteOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
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

    @Option(names = "--no-color", description = "Tells without colours, as it does when nobody looks at a terminal.")
    private boolean plain;

    @Option(names = "--folder", paramLabel = "FOLDER", description = "Where everything is left (.slipway/demo).")
    private Path folder = project().resolve(".slipway").resolve("demo");

    @Option(
            names = "--debug",
            description = "Lets the services log everything, so that all of it is searched for secrets at the end.")
    private boolean debug;

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
        try (Stage stage = Stage.set(project(), folder, Clock.systemUTC(), debug, narrator::tell)) {
            return tellOn(stage, narrator, patience, leavings);
        } catch (SuiteFailure e) {
            narrator.failed(e.getMessage());
        } catch (IOException | SQLException | TimeoutException e) {
            narrator.failed("the stage cannot be set: " + e);
        }
        return false;
    }

    private boolean tellOn(Stage stage, Narrator narrator, Patience patience, Leavings leavings) {
        try {
            new Story(stage, narrator, patience, leavings).tell();
            return true;
        } catch (StoryFailure e) {
            narrator.failed(e.getMessage());
        } catch (InterruptedException _) {
            narrator.failed("the story was broken off");
        } catch (IOException | SQLException | RuntimeException e) {
            narrator.failed("the story broke off: " + e);
            e.printStackTrace();
        }
        tellLogs(stage, narrator);
        return false;
    }

    private static void tellLogs(Stage stage, Narrator narrator) {
        narrator.print("");
        for (String service : SuiteOptions.SERVICES) {
            LogExcerpt.of(stage.suite().service(service).log()).forEach(narrator::print);
        }
        narrator.print("All logs: %s and %s"
                .formatted(stage.suite().logs(), stage.site().logs()));
    }

    private static Path project() {
        return Path.of(System.getProperty("slipway.home", "")).toAbsolutePath().normalize();
    }
}
