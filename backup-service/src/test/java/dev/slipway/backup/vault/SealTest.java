package dev.slipway.backup.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.vault.SealFault.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {
    private static final UUID BACKUP = UUID.fromString("018e0000-0000-7000-8000-00000000000b");
    private static final MasterKey FIRST = MasterKey.of("first", "01".repeat(32));
    private static final MasterKey OTHER = MasterKey.of("first", "02".repeat(32));
    private static final MasterKey SECOND = MasterKey.of("second", "03".repeat(32));
    private static final int FRAME = Sealer.STORED_BYTES;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, Sealer.PLAIN_BYTES - 1, Sealer.PLAIN_BYTES, Sealer.PLAIN_BYTES + 1, 300_000})
    void shouldGiveBackWhatWasSealed(int length) throws Exception {
        byte[] plain = random(length);

        byte[] opened = open(seal(plain, BACKUP, FIRST), Keyring.ofOne(FIRST));

        assertThat(opened).isEqualTo(plain);
    }

    @Test
    void shouldNotShowWhatIsInside() throws Exception {
        byte[] plain = "the customers of the shop ".repeat(5_000).getBytes("UTF-8");

        byte[] sealed = seal(plain, BACKUP, FIRST);

        assertThat(new String(sealed, "ISO-8859-1")).doesNotContain("customers");
    }

    @Test
    void shouldFindAnyFlippedBit() throws Exception {
        byte[] sealed = seal(random(200_000), BACKUP, FIRST);
        Random places = new Random(7);

        for (int round = 0; round < 300; round++) {
            // Every byte of the header is tried, and others here and there.
            int at = round < 250 ? round : places.nextInt(sealed.length);
            byte[] damaged = sealed.clone();
            damaged[at] ^= (byte) (1 << places.nextInt(8));

            assertThat(fault(damaged, Keyring.ofOne(FIRST)))
                    .as("byte %d", at)
                    .isIn(Reason.DAMAGED, Reason.KEY_WRONG, Reason.UNKNOWN_FORMAT, Reason.CUT);
        }
    }

    @Test
    void shouldFindThatTheLastFrameIsGone() throws Exception {
        byte[] sealed = seal(random(3 * Sealer.PLAIN_BYTES), BACKUP, FIRST);

        byte[] cut = Arrays.copyOf(sealed, sealed.length - FRAME);

        assertThat(fault(cut, Keyring.ofOne(FIRST))).isEqualTo(Reason.CUT);
    }

    @Test
    void shouldFindEveryOtherCut() throws Exception {
        byte[] sealed = seal(random(2 * Sealer.PLAIN_BYTES + 10), BACKUP, FIRST);
        Random places = new Random(8);

        for (int round = 0; round < 100; round++) {
            byte[] cut = Arrays.copyOf(sealed, places.nextInt(sealed.length));

            assertThat(fault(cut, Keyring.ofOne(FIRST)))
                    .as("%d bytes", cut.length)
                    .isIn(Reason.CUT, Reason.DAMAGED, Reason.UNKNOWN_FORMAT);
        }
    }

    @Test
    void shouldFindSwappedFrames() throws Exception {
        byte[] sealed = seal(random(4 * Sealer.PLAIN_BYTES), BACKUP, FIRST);
        int first = sealed.length - 4 * FRAME;
        byte[] swapped = sealed.clone();

        System.arraycopy(sealed, first, swapped, first + FRAME, FRAME);
        System.arraycopy(sealed, first + FRAME, swapped, first, FRAME);

        assertThat(fault(swapped, Keyring.ofOne(FIRST))).isEqualTo(Reason.DAMAGED);
    }

    @Test
    void shouldFindAFrameThatWasAdded() throws Exception {
        byte[] sealed = seal(random(2 * Sealer.PLAIN_BYTES), BACKUP, FIRST);

        byte[] longer = Arrays.copyOf(sealed, sealed.length + FRAME);
        System.arraycopy(sealed, sealed.length - FRAME, longer, sealed.length, FRAME);

        assertThat(fault(longer, Keyring.ofOne(FIRST))).isEqualTo(Reason.DAMAGED);
    }

    @Test
    void shouldFindTheFramesOfAnotherBackup() throws Exception {
        byte[] sealed = seal(random(1_000), BACKUP, FIRST);
        byte[] others = seal(random(1_000), UUID.randomUUID(), FIRST);
        int header = sealed.length - 1_016;

        byte[] mixed = sealed.clone();
        System.arraycopy(others, others.length - 1_016, mixed, header, 1_016);

        assertThat(fault(mixed, Keyring.ofOne(FIRST))).isEqualTo(Reason.DAMAGED);
    }

    @Test
    void shouldSayThatTheMasterKeyIsAnotherOne() throws Exception {
        byte[] sealed = seal(random(1_000), BACKUP, FIRST);

        assertThat(fault(sealed, Keyring.ofOne(OTHER))).isEqualTo(Reason.KEY_WRONG);
    }

    @Test
    void shouldSayThatTheMasterKeyIsNotAtHand() throws Exception {
        byte[] sealed = seal(random(1_000), BACKUP, FIRST);

        SealFault fault = catchThrowableOfType(SealFault.class, () -> open(sealed, Keyring.empty()));

        assertThat(fault.reason()).isEqualTo(Reason.KEY_MISSING);
        assertThat(fault).hasMessageContaining("'first'");
    }

    @Test
    void shouldOpenUnderTheNewMasterKeyAfterItWasWrappedAnew() throws Exception {
        byte[] plain = random(100_000);
        byte[] sealed = seal(plain, BACKUP, FIRST);
        var frames = new ByteArrayInputStream(sealed);
        SealHeader old = SealHeader.read(frames);

        SealHeader anew = SealedInput.rewrap(old, Keyring.ofOne(FIRST), SECOND);
        byte[] rewrapped = concat(anew.write(), frames.readAllBytes());

        assertThat(open(rewrapped, Keyring.ofOne(SECOND))).isEqualTo(plain);
        assertThat(anew.key().name()).isEqualTo("second");
        assertThat(fault(rewrapped, Keyring.ofOne(FIRST))).isEqualTo(Reason.KEY_WRONG);
    }

    @Test
    void shouldSignManifestsForOneBackupOnly() throws Exception {
        byte[] manifest = "{\"rows\":1}".getBytes("UTF-8");
        Sealer sealer = Sealer.begin(BACKUP, "sql", "none", FIRST);
        Sealer other = Sealer.begin(BACKUP, "sql", "none", FIRST);

        String signature = sealer.manifestSeal().sign(manifest);

        ManifestSeal read = SealedInput.manifestSeal(
                SealHeader.read(new ByteArrayInputStream(sealer.header())), Keyring.ofOne(FIRST));
        assertThat(read.verifies(manifest, signature)).isTrue();
        assertThat(read.verifies("{\"rows\":2}".getBytes("UTF-8"), signature)).isFalse();
        assertThat(other.manifestSeal().verifies(manifest, signature)).isFalse();
        assertThat(read.verifies(manifest, "no signature")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "AAAA", "zz", "0123456789abcdef"})
    void shouldRefuseAMasterKeyThatIsNone(String text) {
        IllegalArgumentException refused =
                catchThrowableOfType(IllegalArgumentException.class, () -> MasterKey.of("first", text));

        assertThat(refused).hasMessageContaining("'first'").hasMessageContaining("32 bytes");
        if (!text.isEmpty()) {
            assertThat(refused).hasMessageNotContaining(text);
        }
    }

    @Test
    void shouldTakeAMasterKeyInHexOrEitherBase64() {
        MasterKey hex = MasterKey.of("k", "fb".repeat(32));
        MasterKey base64 = MasterKey.of("k", "+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/v7+/s=\n");
        MasterKey url = MasterKey.of("k", "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s");

        assertThat(base64.key()).isEqualTo(hex.key());
        assertThat(url.key()).isEqualTo(hex.key());
        assertThat(hex.toString()).isEqualTo("master key 'k'");
    }

    private static byte[] seal(byte[] plain, UUID backup, MasterKey master) {
        Sealer sealer = Sealer.begin(backup, "postgresql-custom", "zstd", master);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(sealer.header());
        byte[] frame = new byte[FRAME];
        int at = 0;
        do {
            int length = Math.min(plain.length - at, Sealer.PLAIN_BYTES);
            byte[] part = Arrays.copyOfRange(plain, at, at + length);
            at += length;
            out.write(frame, 0, sealer.seal(part, length, at == plain.length, frame));
        } while (at < plain.length);
        return out.toByteArray();
    }

    private static byte[] open(byte[] sealed, Keyring keys) throws IOException {
        return SealedInput.open(new ByteArrayInputStream(sealed), keys).readAllBytes();
    }

    private static Reason fault(byte[] sealed, Keyring keys) {
        return catchThrowableOfType(SealFault.class, () -> open(sealed, keys)).reason();
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
