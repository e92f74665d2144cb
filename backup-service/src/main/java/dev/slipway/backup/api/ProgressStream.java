package dev.slipway.backup.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.Progress;
import dev.slipway.backup.ledger.Runs;
import dev.slipway.web.Problem;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The progress of a backup as a stream of server-sent events, read from the database: it is the same from every
/// replica, whichever does the work. Whoever comes back gets what is known by then first, so nothing is missed.
///
/// The number of streams is bounded, that of one caller's too: each looks into the database every two seconds. One is
/// over as soon as whoever listened has gone.
@Singleton
final class ProgressStream {
    static final int MOST = 64;
    static final int MOST_OF_ONE = 16;

    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int HEARTBEAT_LOOKS = 5;
    private static final Duration COME_BACK = Duration.ofSeconds(5);

    private final Jdbi jdbi;
    private final Backups backups;
    private final Runs runs;
    private final ObjectMapper json;
    private final Duration pause;

    /// Whose stream it is, by what ends it early.
    private final Map<CountDownLatch, String> open = new ConcurrentHashMap<>();

    @Inject
    ProgressStream(Jdbi jdbi, Backups backups, Runs runs, ObjectMapper json) {
        this(jdbi, backups, runs, json, LOOK);
    }

    /// @param pause between two looks
    ProgressStream(Jdbi jdbi, Backups backups, Runs runs, ObjectMapper json, Duration pause) {
        this.pause = pause;
        this.jdbi = jdbi;
        this.backups = backups;
        this.runs = runs;
        this.json = json;
    }

    void stop(@Observes ShutdownEvent event) {
        open.keySet().forEach(CountDownLatch::countDown);
    }

    /// What one event says. @param reason why it failed or was cancelled
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Seen(
            String state, @Nullable String reason, @Nullable ProgressView progress) {}

    private record Look(Backup backup, @Nullable Progress progress) {
        String id() {
            return progress == null
                    ? Long.toString(backup.version())
                    : backup.version() + "." + progress.at().toEpochMilli();
        }

        Seen seen() {
            String reason = switch (backup.state()) {
                case BackupState.Failed failed -> failed.reason().label();
                case BackupState.Cancelled cancelled -> cancelled.reason();
                case BackupState.Pending _,
                        BackupState.Running _,
                        BackupState.Verifying _,
                        BackupState.Completed _,
                        BackupState.Expired _ -> null;
            };
            return new Seen(
                    backup.state().phase().label(), reason, progress == null ? null : ProgressView.of(progress));
        }
    }

    /// @param caller the token's name
    /// @param gone counted down when nobody listens any more
    /// @throws Problem 503 when there are as many as there may be, 429 when they are this caller's
    StreamingOutput of(UUID backup, String caller, CountDownLatch gone) {
        enter(caller, gone);
        return out -> {
            try {
                write(backup, out, gone);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("the service stops").initCause(e);
            } finally {
                leave(gone);
            }
        };
    }

    private synchronized void enter(String caller, CountDownLatch gone) {
        if (open.size() >= MOST) {
            throw Problem.unavailable("%d streams of progress are open, which is the most.".formatted(MOST), COME_BACK);
        }
        if (Collections.frequency(open.values(), caller) >= MOST_OF_ONE) {
            throw Problem.of(
                            429,
                            "too-many-requests",
                            "Too many requests",
                            "This token has %d streams of progress open, which is the most.".formatted(MOST_OF_ONE),
                            Map.of("limit", "streams"))
                    .withHeader("Retry-After", Long.toString(COME_BACK.toSeconds()));
        }
        open.put(gone, caller);
    }

    void leave(CountDownLatch gone) {
        gone.countDown();
        open.remove(gone);
    }

    private void write(UUID backup, OutputStream out, CountDownLatch gone) throws IOException, InterruptedException {
        String told = null;
        int silent = 0;
        while (true) {
            Look look = look(backup);
            if (!Objects.equals(look.id(), told)) {
                told = look.id();
                silent = 0;
                String name = look.backup().isOver() ? "end" : "progress";
                send(
                        out,
                        "id: %s\nevent: %s\ndata: %s\n\n".formatted(told, name, json.writeValueAsString(look.seen())));
            } else if (++silent % HEARTBEAT_LOOKS == 0) {
                // Finds out whether anybody still listens.
                send(out, ": still here\n\n");
            }
            if (look.backup().isOver() || gone.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private Look look(UUID backup) {
        return jdbi.withHandle(handle -> new Look(
                backups.find(handle, backup).orElseThrow(),
                runs.progress(handle, backup).orElse(null)));
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
