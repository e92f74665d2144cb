package dev.slipway.suite;

import dev.slipway.suite.kafka.RewindGroups;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Part of coming back from a backup: what a service's database forgot, it reads from the topics again.
@Command(
        name = "rewind",
        description = {
            "Lets services read the topics again from a moment on, after their databases were put back to it.",
            "The services must be stopped, Kafka must run: ./slipway up --replicas 0."
        },
        mixinStandardHelpOptions = true)
final class RewindCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--to",
            paramLabel = "INSTANT",
            required = true,
            description = "The first record to read again was written then or later: 2026-03-01T01:30:00Z")
    private Instant to;

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Where Kafka listens (127.0.0.1:8085).")
    private @Nullable String kafka;

    @Parameters(arity = "1..4", paramLabel = "SERVICE", description = "deploy-service and its like")
    private List<String> services;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        for (String service : services) {
            if (!SuiteOptions.SERVICES.contains(service)) {
                throw new ParameterException(
                        spec.commandLine(), "no service is called %s: %s".formatted(service, SuiteOptions.SERVICES));
            }
        }
        String servers = kafka == null ? "127.0.0.1:" + Ports.fixed().kafka() : kafka;
        var groups = new RewindGroups(servers);
        for (String service : services) {
            out.printf("%s reads %d records again%n", service, groups.rewind(service, to));
        }
        return 0;
    }
}
