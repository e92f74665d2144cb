package dev.slipway.demo.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.demo.receivers.Mailbox.Mail;
import dev.slipway.demo.receivers.SlackReceiver.Post;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeavingsTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    @Test
    void shouldLeaveMessagesUnderReadableNames() throws Exception {
        Leavings leavings = Leavings.in(folder);
        Mail mail = new Mail("<1@x>", List.of("team@shop.example"), "shop v2: it's live!", "text", "raw mail");
        Post post = new Post(Instant.EPOCH, JSON.readTree("{\"text\":\"shop v2 is live\"}"));

        leavings.messages(List.of(mail), List.of(post));

        assertThat(folder.resolve("messages/01-shop-v2-it-s-live.eml")).hasContent("raw mail");
        assertThat(folder.resolve("messages/02-slack-shop-v2-is-live.json"))
                .content()
                .contains("\"text\"");
        assertThat(leavings.names()).containsExactly("messages/ (2)");
    }

    @Test
    void shouldDeleteWhatAnEarlierWalkLeftAndNothingElse() throws Exception {
        Files.createDirectories(folder.resolve("messages"));
        Files.createDirectories(folder.resolve("suite"));
        Files.writeString(folder.resolve("messages/01-old.eml"), "old");
        Files.writeString(folder.resolve("story.txt"), "old");
        Files.writeString(folder.resolve("suite/kept"), "kept");

        Leavings leavings = Leavings.in(folder);

        assertThat(leavings.names()).containsExactly("messages/ (0)");
        assertThat(folder.resolve("suite/kept")).exists();
    }

    @Test
    void shouldListWhatIsLeftAndTheLogs() throws Exception {
        Leavings leavings = Leavings.in(folder.resolve("demo"));
        Path logs = Files.createDirectories(folder.resolve("logs"));
        leavings.report("A", JSON.readTree("{}"));
        Files.writeString(logs.resolve("deploy.log"), "line");

        assertThat(leavings.files(logs))
                .extracting(Path::getFileName)
                .map(Path::toString)
                .containsExactly("report-A.json", "deploy.log");
    }
}
