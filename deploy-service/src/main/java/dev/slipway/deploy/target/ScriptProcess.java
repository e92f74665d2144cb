package dev.slipway.deploy.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The process of a run, told apart from a later one with the same pid by when, and in which boot, it started.
///
/// @param pid of the run's wrapper, which leads a session of its own: the session's id too
/// @param ticksAtStart its start in clock ticks since boot, field 22 of `/proc/<pid>/stat` (proc(5))
/// @param boot id of the machine's boot
record ScriptProcess(long pid, long ticksAtStart, String boot) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int ROUNDS_OF_KILLS = 50;
    private static final Duration BETWEEN_KILLS = Duration.ofMillis(20);

    /// @return empty when the file is not there, or not readable as one (torn by a crash of the machine)
    static Optional<ScriptProcess> read(Path file) {
        try {
            String[] words = Files.readString(file).strip().split(" ");
            return Optional.of(new ScriptProcess(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException _) {
            return Optional.empty();
        }
    }

    boolean alive() {
        return thisBoot()
                && Stat.of(pid).filter(stat -> !stat.dead() && isOurs(stat)).isPresent();
    }

    /// What still runs of the session: the command outlives a wrapper that somebody killed.
    List<ProcessHandle> session() {
        // A pid is not given again while a session bears it, so a stranger with our pid means that the session is over.
        if (!thisBoot() || Stat.of(pid).filter(stat -> !isOurs(stat)).isPresent()) {
            return List.of();
        }
        return ProcessHandle.allProcesses()
                .filter(handle -> Stat.of(handle.pid())
                        .filter(stat -> !stat.dead() && stat.session() == pid)
                        .isPresent())
                .toList();
    }

    /// Ends everything in the session. Only while the wrapper lives: without it nobody can be sure whose session it is.
    void kill() {
        // The wrapper goes last: it could start nothing more, but its pid keeps the session ours.
        for (int round = 0; round < ROUNDS_OF_KILLS && alive(); round++) {
            List<ProcessHandle> members =
                    session().stream().filter(handle -> handle.pid() != pid).toList();
            members.forEach(ProcessHandle::destroyForcibly);
            if (members.isEmpty()) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
            LockSupport.parkNanos(BETWEEN_KILLS.toNanos());
        }
    }

    private boolean isOurs(Stat stat) {
        return stat.ticksAtStart() == ticksAtStart;
    }

    private boolean thisBoot() {
        try {
            return Files.readString(BOOT_ID).strip().equals(boot);
        } catch (IOException _) {
            return false;
        }
    }

    /// What `/proc/<pid>/stat` says of a process.
    private record Stat(char state, long session, long ticksAtStart) {
        static Optional<Stat> of(long pid) {
            try {
                String text = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
                // The second field is the command's name in brackets, which may itself hold blanks and brackets.
                String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
                return Optional.of(
                        new Stat(fields[0].charAt(0), Long.parseLong(fields[3]), Long.parseLong(fields[19])));
            } catch (IOException | RuntimeException _) {
                return Optional.empty();
            }
        }

        boolean dead() {
            return state == 'Z' || state == 'X';
        }
    }
}
