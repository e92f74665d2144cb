package dev.slipway.suite.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// One program of the suite: how it is started, when it can be used, how it is asked to stop. A [Supervised] calls it
/// from one thread and starts it again when it dies.
public interface Program {
    /// Short and stable: names the log, the pid file and the messages.
    String name();

    /// Where everything it prints goes.
    Path log();

    /// Starts the process. Its output is appended to [#log()].
    ///
    /// @throws IOException when it cannot be started; the message says why (a port taken, a file missing)
    ProcessHandle start() throws IOException;

    /// Whether it answers. Asked again and again while the process lives; must return within a few seconds.
    boolean ready();

    /// The processes that are this program: not those that it started and that live a life of their own.
    default List<ProcessHandle> processes(ProcessHandle process) {
        return List.of(process);
    }

    /// Asks the process to stop and returns; the caller waits for the end and kills what does not go.
    default void stop(ProcessHandle process) {
        process.destroy();
    }

    /// How the last process ended, in words, once it has ended.
    default String ending() {
        return "it ended";
    }
}
