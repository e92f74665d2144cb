package dev.slipway.notify.audience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@shop.example\nBcc: everyone@shop.example",
                "a@shop.example\r\nBcc: everyone@shop.example",
                "\na@shop.example",
                "a@shop.example\n",
                "a\u0000@shop.example",
                "a@shop.example, b@shop.example",
                "A <a@shop.example>",
                "a b@shop.example",
                "a@b@shop.example",
                "a@",
                "@shop.example",
                "shop.example",
                "a@-shop.example",
                "a@shop..example",
                "a..b@shop.example",
                ""
            })
    void shouldRefuseWhatIsNotOnePlainAddress(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmailAddress.parse(text))
                .withMessageStartingWith("not an e-mail address")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("shop"));
    }

    @Test
    void shouldRefuseALocalPartOrAnAddressThatIsTooLong() {
        assertThatIllegalArgumentException().isThrownBy(() -> EmailAddress.parse("a".repeat(65) + "@shop.example"));
        assertThatIllegalArgumentException().isThrownBy(() -> EmailAddress.parse("a@" + "b.".repeat(130) + "example"));
    }

    @Test
    void shouldWriteTheDomainTheSameHoweverItIsWritten() {
        assertThat(EmailAddress.parse("Ada@Shop.EXAMPLE").value()).isEqualTo("Ada@shop.example");
        assertThat(EmailAddress.parse("ada@bücher.example").value()).isEqualTo("ada@xn--bcher-kva.example");
        assertThat(EmailAddress.parse("ada@localhost").value()).isEqualTo("ada@localhost");
    }

    @Test
    void shouldNeverShowAWholeAddress() {
        EmailAddress address = EmailAddress.parse("ada.lovelace@shop.example");

        assertThat(address.masked()).isEqualTo("a***@shop.example");
        assertThat(address).hasToString("a***@shop.example");
        assertThat(EmailAddress.parse("a@shop.example").masked()).isEqualTo("***@shop.example");
        assertThat(address.hash()).hasSize(64).doesNotContain("ada");
    }
}
