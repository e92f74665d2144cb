package dev.slipway.suite.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsScriptTest {
    @TempDir
    private Path folder;

    @Test
    void shouldMakeTheSameTopicsInContainersAsTheLauncher() throws Exception {
        Path calls = folder.resolve("calls");
        fakeKafkaTopics(calls);

        ProcessBuilder builder = new ProcessBuilder("../docker/kafka/create-topics.sh").inheritIO();
        builder.environment().putAll(Map.of("KAFKA_BIN", folder.toString(), "KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"));
        Process script = builder.start();

        assertThat(script.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(script.exitValue()).isZero();
        List<NewTopic> created =
                Files.readAllLines(calls).stream().map(TopicsScriptTest::topic).toList();
        assertThat(created).containsExactlyElementsOf(KafkaBroker.topics());
    }

    private void fakeKafkaTopics(Path calls) throws IOException {
        Path fake = Files.writeString(folder.resolve("kafka-topics.sh"), "#!/bin/sh\necho \"$*\" >>" + calls + "\n");
        Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static NewTopic topic(String call) {
        assertThat(call).startsWith("--bootstrap-server kafka:9092 --create --if-not-exists --topic ");
        List<String> words = List.of(call.split(" ", -1));
        Map<String, String> configs = new HashMap<>();
        for (int index = 0; index < words.size(); index++) {
            if (words.get(index).equals("--config")) {
                String[] pair = words.get(index + 1).split("=", 2);
                configs.put(pair[0], pair[1]);
            }
        }
        return new NewTopic(
                        after(words, "--topic"),
                        Integer.parseInt(after(words, "--partitions")),
                        Short.parseShort(after(words, "--replication-factor")))
                .configs(configs);
    }

    private static String after(List<String> words, String option) {
        return words.get(words.indexOf(option) + 1);
    }
}
