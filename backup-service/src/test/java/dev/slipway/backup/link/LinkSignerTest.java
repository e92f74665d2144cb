package dev.slipway.backup.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.backup.Shelf;
import java.time.Instant;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class LinkSignerTest {
    private static final SecretKey SECRET = Shelf.MASTER.key();
    private static final UUID BACKUP = UUID.fromString("018e0000-0000-7000-8000-00000000000a");
    private static final UUID LINK = UUID.fromString("018e0000-0000-7000-8000-00000000000b");
    private static final Instant UNTIL = Instant.parse("2026-03-31T12:00:00Z");

    private final LinkSigner signer = new LinkSigner(() -> SECRET);

    @Test
    void shouldTakeNothingButWhatItSigned() {
        String signature = signer.sign(LINK, BACKUP, UNTIL);

        assertThat(signer.signed(LINK, BACKUP, UNTIL, signature)).isTrue();
        assertThat(signer.signed(BACKUP, LINK, UNTIL, signature)).isFalse();
        assertThat(signer.signed(LINK, BACKUP, UNTIL.plusSeconds(1), signature)).isFalse();
        assertThat(signer.signed(UUID.randomUUID(), BACKUP, UNTIL, signature)).isFalse();
        assertThat(signer.signed(LINK, UUID.randomUUID(), UNTIL, signature)).isFalse();
        assertThat(signer.signed(LINK, BACKUP, UNTIL, "")).isFalse();
        assertThat(signer.signed(LINK, BACKUP, UNTIL, "no base64!")).isFalse();
    }

    @Test
    void shouldTakeNothingThatAnotherSecretSigned() {
        LinkSigner other = new LinkSigner(() -> new SecretKeySpec(new byte[32], "AES"));

        assertThat(signer.signed(LINK, BACKUP, UNTIL, other.sign(LINK, BACKUP, UNTIL)))
                .isFalse();
    }

    @Test
    void shouldNeitherSignNorTakeAnythingWithoutASecret() {
        LinkSigner none = new LinkSigner(() -> null);

        assertThat(none.canSign()).isFalse();
        assertThatThrownBy(() -> none.sign(LINK, BACKUP, UNTIL)).isInstanceOf(IllegalStateException.class);
        assertThat(none.signed(LINK, BACKUP, UNTIL, signer.sign(LINK, BACKUP, UNTIL)))
                .isFalse();
    }
}
