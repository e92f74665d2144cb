package dev.slipway.backup.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.backup.ledger.Progress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far a backup is, as its readers see it. What is not known is absent.
///
/// @param stage `counting`, `dumping`, `storing`, `reading` or `restoring`, since `since`
/// @param at when this was seen, about a second ago at most while its worker lives
/// @param bytes that passed in this stage
/// @param tablesDone of `tables`
/// @param bytesPerSecond over the stage
/// @param secondsLeft of the stage, an estimate
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProgressView(
        String stage,
        Instant since,
        Instant at,
        long bytes,
        @Nullable Integer tablesDone,
        @Nullable Integer tables,
        long bytesPerSecond,
        @Nullable Long secondsLeft) {
    static ProgressView of(Progress progress) {
        return new ProgressView(
                progress.stage(),
                progress.since(),
                progress.at(),
                progress.bytes(),
                progress.tablesDone(),
                progress.tables(),
                progress.bytesPerSecond(),
                progress.secondsLeft());
    }
}
