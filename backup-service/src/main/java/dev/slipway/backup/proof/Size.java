package dev.slipway.backup.proof;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How large the dumps of a database are to be, before they are compressed.
///
/// @param least and `most` bytes: a dump outside of them proves nothing
/// @param times a dump that is so many times larger or smaller than the last proved ones is told of
/// @param fails whether such a one proves nothing either
public record Size(long least, long most, int times, boolean fails) {
    /// How many of the last proved backups are looked at: their middle one is not moved by a single odd one.
    public static final int COMPARED = 5;

    public static final Size USUAL = new Size(0, Long.MAX_VALUE, 4, false);

    /// What a small database gains or loses on any day.
    private static final long SLIGHT = 1_000_000;

    /// What is odd about a dump beside those before it, for people; empty when nothing is.
    ///
    /// @param before the sizes of the last proved backups
    public Optional<String> odd(long bytes, Collection<Long> before) {
        if (before.isEmpty()) {
            return Optional.empty();
        }
        List<Long> sorted = before.stream().sorted().toList();
        long middle = sorted.get(sorted.size() / 2);
        boolean far = (double) bytes > (double) middle * times || (double) bytes * times < middle;
        return far && Math.abs(bytes - middle) > SLIGHT
                ? Optional.of("the dump has %s, the %d before it had about %s"
                        .formatted(words(bytes), sorted.size(), words(middle)))
                : Optional.empty();
    }

    /// @throws BackupFault `size-implausible`
    void require(long bytes, Collection<Long> before) throws BackupFault {
        if (bytes < least || bytes > most) {
            throw implausible("the dump has %s; %s to %s are set for this database"
                    .formatted(words(bytes), words(least), most == Long.MAX_VALUE ? "any number" : words(most)));
        }
        Optional<String> odd = odd(bytes, before);
        if (fails && odd.isPresent()) {
            throw implausible(odd.get());
        }
    }

    private static BackupFault implausible(String why) {
        return new BackupFault(FailureReason.SIZE_IMPLAUSIBLE, why);
    }

    private static String words(long bytes) {
        if (bytes < 1_000_000) {
            return bytes + " bytes";
        }
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
