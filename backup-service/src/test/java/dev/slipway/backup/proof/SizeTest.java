package dev.slipway.backup.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizeTest {
    private static final long MB = 1_000_000;

    @Test
    void shouldBeOddBesideTheMiddleOfThoseBeforeItAndNotBesideASingleOne() {
        List<Long> before = List.of(100 * MB, 1 * MB, 101 * MB, 99 * MB, 900 * MB);

        assertThat(Size.USUAL.odd(24 * MB, before))
                .hasValueSatisfying(
                        why -> assertThat(why).isEqualTo("the dump has 24.0 MB, the 5 before it had about 100.0 MB"));
        assertThat(Size.USUAL.odd(401 * MB, before)).isPresent();
        assertThat(Size.USUAL.odd(26 * MB, before)).isEmpty();
        assertThat(Size.USUAL.odd(399 * MB, before)).isEmpty();
    }

    @Test
    void shouldNotDoubtWhatASmallDatabaseGainsOrLosesOnAnyDay() {
        assertThat(Size.USUAL.odd(900_000, List.of(20_000L))).isEmpty();
        assertThat(Size.USUAL.odd(20_000, List.of(900_000L))).isEmpty();
        assertThat(Size.USUAL.odd(1_100_000, List.of(20_000L))).isPresent();
    }

    @Test
    void shouldHaveNothingToCompareTheFirstOneWith() {
        assertThat(Size.USUAL.odd(1, List.of())).isEmpty();
    }

    @Test
    void shouldRequireItsRangeToTheByte() {
        Size ranged = new Size(10, 20, 4, false);

        assertThatCode(() -> ranged.require(10, List.of())).doesNotThrowAnyException();
        assertThatCode(() -> ranged.require(20, List.of())).doesNotThrowAnyException();
        assertThat(implausible(ranged, 9))
                .hasMessage("the dump has 9 bytes; 10 bytes to 20 bytes are set for this database");
        assertThat(implausible(ranged, 21)).isNotNull();
    }

    private static BackupFault implausible(Size size, long bytes) {
        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> size.require(bytes, List.of()));
        assertThat(fault.reason()).isEqualTo(FailureReason.SIZE_IMPLAUSIBLE);
        return fault;
    }
}
