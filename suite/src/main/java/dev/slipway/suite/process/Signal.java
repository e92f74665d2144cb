package dev.slipway.suite.process;

import dev.slipway.suite.SuiteFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The signals [ProcessHandle] cannot send.
public enum Signal {
    /// Ctrl-C; to PostgreSQL the fast shutdown.
    INTERRUPT("INT"),
    /// Stops the time of a process: it keeps what it holds and does nothing.
    STOP("STOP"),
    /// Ends [#STOP]; means nothing to others.
    CONTINUE("CONT");

    private final String name;

    Signal(String name) {
        this.name = name;
    }

    public void send(ProcessHandle process) {
        send(List.of(process));
    }

    /// Sends it to all of them at once; who is gone meanwhile is passed over.
    ///
    /// @throws SuiteFailure when this machine has no way to send it
    public void send(List<ProcessHandle> processes) {
        List<String> line = new ArrayList<>(List.of("sh", "-c", "kill -" + name + " \"$@\" 2>/dev/null", "kill"));
        processes.forEach(process -> line.add(Long.toString(process.pid())));
        try {
            new ProcessBuilder(line).start().waitFor();
        } catch (IOException e) {
            throw new SuiteFailure("signal %s cannot be sent: %s".formatted(name, e.getMessage()), e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
