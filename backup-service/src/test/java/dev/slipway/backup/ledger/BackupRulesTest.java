package dev.slipway.backup.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.ledger.BackupRules.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BackupRulesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Archive ARCHIVE = Archives.withRows(3);
    private static final Proof PROOF = new Proof(ProofKind.READBACK, NOW, Duration.ofSeconds(1), "read");

    private static final List<BackupState> STATES = List.of(
            new BackupState.Pending(),
            new BackupState.Running(NOW, 1),
            new BackupState.Verifying(ARCHIVE, 1),
            new BackupState.Completed(ARCHIVE, List.of(PROOF), NOW),
            new BackupState.Failed(FailureReason.DUMP_FAILED, "why", NOW, null),
            new BackupState.Cancelled("mara", "why", NOW),
            new BackupState.Expired(ARCHIVE, null, NOW, NOW, "why"));

    private static final List<Signal> SIGNALS = List.of(
            new Signal.Begun(),
            new Signal.Stored(ARCHIVE),
            new Signal.Proved(List.of(PROOF)),
            new Signal.Broke(FailureReason.TIME_LIMIT, "late"),
            new Signal.Lost(FailureReason.ARCHIVE_DAMAGED, "gone"),
            new Signal.Drilled(PROOF),
            new Signal.Outlived("why"),
            new Signal.Stopped("mara", "why"),
            new Signal.Copied("second"));

    @Test
    void shouldDecideAsTheTableInTheRulesSays() throws Exception {
        List<String> decided = new ArrayList<>();
        for (BackupState state : STATES) {
            decided.add(state.getClass().getSimpleName() + " | "
                    + SIGNALS.stream().map(signal -> cell(state, signal)).collect(Collectors.joining(" | ")));
        }

        List<String> documented = documentedRows();

        assertThat(decided).isEqualTo(documented);
    }

    @Test
    void shouldGiveUpAfterTheLastAttempt() {
        BackupState running = new BackupState.Running(NOW, BackupRules.ATTEMPTS);
        BackupState verifying = new BackupState.Verifying(ARCHIVE, BackupRules.ATTEMPTS);

        List<Decision> decisions = List.of(
                BackupRules.decide(running, new Signal.Begun(), NOW),
                BackupRules.decide(verifying, new Signal.Begun(), NOW));

        assertThat(decisions)
                .allSatisfy(decision -> assertThat(decision)
                        .isInstanceOfSatisfying(
                                Decision.Move.class,
                                move -> assertThat(move.to())
                                        .isInstanceOfSatisfying(
                                                BackupState.Failed.class,
                                                failed -> assertThat(failed.reason())
                                                        .isEqualTo(FailureReason.INTERRUPTED))));
    }

    @Test
    void shouldTakeTheTimeOfTheLastAttemptAsItsStart() {
        Instant later = NOW.plusSeconds(60);

        Decision decision = BackupRules.decide(new BackupState.Running(NOW, 1), new Signal.Begun(), later);

        assertThat(decision).isEqualTo(new Decision.Move(new BackupState.Running(later, 2)));
    }

    private static String cell(BackupState state, Signal signal) {
        return switch (BackupRules.decide(state, signal, NOW)) {
            case Decision.Move move -> move.to().getClass().getSimpleName() + givenUp(state, signal);
            case Decision.Ignore _ -> "ignore";
            case Decision.Refuse _ -> "refuse";
        };
    }

    private static String givenUp(BackupState state, Signal signal) {
        boolean takeover = signal instanceof Signal.Begun && !(state instanceof BackupState.Pending);
        return takeover ? " or Failed" : "";
    }

    private static List<String> documentedRows() throws IOException {
        return Files.readAllLines(Path.of("src/main/java/dev/slipway/backup/ledger/BackupRules.java")).stream()
                .filter(line -> line.startsWith("/// ") && line.contains(" | ") && !line.contains("| Begun"))
                .map(line -> line.substring(4).strip().replaceAll("\\s+\\|\\s+", " | "))
                .toList();
    }
}
