package dev.slipway.backup.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.request.BackupBench;
import dev.slipway.events.EventCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A stream of which nobody takes anything is found out by saying that one is still here.
@Timeout(30)
class ProgressStreamTest {
    @TempDir
    Path folder;

    @Test
    void shouldSayNowAndThenThatItIsStillHereAndEndWhenNobodyListens() {
        BackupBench bench = new BackupBench(SourceDatabase.withOrders(1), folder);
        Backup waiting = bench.queue(ProofKind.READBACK);
        ProgressStream streams =
                new ProgressStream(bench.jdbi, bench.backups, bench.runs, EventCodec.json(), Duration.ofMillis(1));
        for (int opened = 0; opened < ProgressStream.MOST + 1; opened++) {
            Listener listener = new Listener(2);

            assertThatThrownBy(() -> streams.of(waiting.id(), "viewer", new CountDownLatch(1))
                            .write(listener))
                    .hasMessage("gone");

            assertThat(listener.heard())
                    .startsWith("id: 0\nevent: progress\ndata: {\"state\":\"pending\"}\n\n")
                    .endsWith("\n\n: still here\n\n: still here\n\n");
        }
    }

    /// Goes away after some heartbeats.
    private static final class Listener extends OutputStream {
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private int patience;

        Listener(int patience) {
            this.patience = patience;
        }

        @Override
        public void write(int single) {
            heard.write(single);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (new String(bytes, offset, length, StandardCharsets.UTF_8).startsWith(":") && patience-- == 0) {
                throw new IOException("gone");
            }
            heard.write(bytes, offset, length);
        }

        String heard() {
            return heard.toString(StandardCharsets.UTF_8);
        }
    }
}
