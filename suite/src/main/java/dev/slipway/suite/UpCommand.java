package dev.slipway.suite;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs the suite until Ctrl-C or `./slipway down`.
@Command(
        name = "up",
        description = "Runs Kafka, PostgreSQL and the four services, and starts again what dies. Ctrl-C stops them.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Option(names = "--fresh", description = "Deletes the kept data first.")
    private boolean fresh;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = {
                "How many processes each service has (1); further ones listen on 8091-8094 and so on.",
                "0 runs Kafka and PostgreSQL alone, so that databases can be put back."
            })
    private int replicas = 1;

    @Option(names = "--free-ports", description = "Listens on ports nobody uses instead of 8081-8086.")
    private boolean freePorts;

    @Option(
            names = "--scripts",
            paramLabel = "FOLDER",
            description = "The only folder scripts of targets may come from (scripts in the data folder).")
    private @Nullable Path scripts;

    private final UnaryOperator<SuiteOptions> suite;
    private final OperatorEnvironment operator;

    UpCommand(UnaryOperator<SuiteOptions> suite, Map<String, String> environment) {
        this.suite = suite;
        this.operator = new OperatorEnvironment(environment);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (replicas < 0 || replicas > SuiteOptions.MOST_REPLICAS) {
            throw new ParameterException(
                    spec.commandLine(), "--replicas: 0 to %d, not %d".formatted(SuiteOptions.MOST_REPLICAS, replicas));
        }
        Path folder = data.folder();
        BootstrapTokens bootstrap = BootstrapTokens.of(folder, fresh);
        List<AccessToken> tokens = new ArrayList<>(bootstrap.all());
        tokens.addAll(operator.tokens());
        Ports ports = freePorts ? Ports.free() : Ports.fixed();
        SuiteOptions options = SuiteOptions.in(Slipway.home(), folder)
                .withPorts(ports)
                .withReplicas(replicas)
                .withFresh(fresh)
                .withEnvironment(operator.passedOn())
                .withAccess(tokens)
                .withScripts(scripts == null ? folder.resolve("scripts") : scripts)
                .withTell(line -> {
                    out.println(line);
                    out.flush();
                });
        out.println("starting Kafka, PostgreSQL and four services …");
        out.flush();
        try (Suite running = Suite.start(suite.apply(options))) {
            tell(running, ports, bootstrap.keep(folder), out);
            running.awaitClosed();
        }
        return 0;
    }

    private static void tell(Suite suite, Ports ports, Optional<String> token, PrintWriter out) {
        out.println();
        suite.processes().forEach(process -> out.printf("  %-16s %s%n", process, suite.url(process)));
        out.printf("  %-16s %s%n", "Kafka", suite.bootstrapServers());
        out.printf("  %-16s 127.0.0.1:%d%n", "PostgreSQL", ports.postgres());
        out.printf("  %-16s %s%n", "data and logs", suite.data());
        token.ifPresent(
                secret -> out.printf("  %-16s %s   (shown this once, only its hash is kept)%n", "admin token", secret));
        out.println();
        out.println("Slipway is up. Ctrl-C or ./slipway down stops it.");
        out.flush();
    }
}
