package dev.slipway.suite.kafka;

import java.nio.file.Files;
import java.nio.file.Path;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/// The broker's own JVM: formats its storage the first time, then is Apache Kafka's own main.
public final class KafkaMain {
    private KafkaMain() {}

    /// @param args server.properties and the folder of the log
    public static void main(String[] args) {
        if (!Files.exists(Path.of(args[1], "meta.properties"))) {
            int status = StorageTool.execute(
                    new String[] {"format", "-t", Uuid.randomUuid().toString(), "-c", args[0]}, System.out);
            if (status != 0) {
                System.exit(status);
            }
        }
        Kafka.main(new String[] {args[0]});
    }
}
