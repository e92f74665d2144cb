package dev.slipway.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMailUtil;
import dev.slipway.notify.MailServer;
import dev.slipway.notify.audience.EmailAddress;
import dev.slipway.notify.audience.Situation;
import dev.slipway.notify.wording.Content;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailConfig;
import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmailChannelTest {
    private static final EmailAddress ADA = EmailAddress.parse("ada@shop.example");
    private static final EmailAddress FROM = EmailAddress.parse("slipway@suite.example");
    private static final UUID NOTICE = UUID.nameUUIDFromBytes(new byte[] {1});
    private static final UUID FIRST = UUID.nameUUIDFromBytes(new byte[] {2});
    private static final UUID RELEASE = UUID.nameUUIDFromBytes(new byte[] {3});
    private static final Envelope ENVELOPE = new Envelope(NOTICE, FIRST, Situation.RELEASE_COMPLETED, RELEASE);
    private static final Content.Email CONTENT =
            new Content.Email("shop v7 läuft 🚀", "Größe 規格 👩‍🚀\n", "<p>Größe 規格 👩‍🚀</p>");

    private static Vertx vertx;
    private final MailServer server = MailServer.onFreePort();
    private final EmailChannel channel = channel(server.port());

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void startServer() {
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop();
    }

    @Test
    void shouldSendAnEmailThatMailSystemsUnderstand() throws Exception {
        Delivery delivery = channel.deliver(ADA, ENVELOPE, CONTENT);

        assertThat(delivery).isInstanceOf(Delivery.Accepted.class);
        MimeMessage mail = server.received().getFirst();
        assertThat(mail.getHeader("Message-ID")).containsExactly("<" + NOTICE + "@suite.example>");
        assertThat(mail.getHeader("References")).containsExactly("<" + FIRST + "@suite.example>");
        assertThat(mail.getHeader("In-Reply-To")).containsExactly("<" + FIRST + "@suite.example>");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getHeader("X-Slipway-Situation")).containsExactly("release-completed");
        assertThat(mail.getHeader("X-Slipway-Release")).containsExactly(RELEASE.toString());
        assertThat(mail.getHeader("From")).containsExactly("Slipway <slipway@suite.example>");
        assertThat(mail.getHeader("To")).containsExactly("ada@shop.example");
        assertThat(mail.getSubject()).isEqualTo("shop v7 läuft 🚀");
        Multipart parts = (Multipart) mail.getContent();
        assertThat(text(parts.getBodyPart(0))).isEqualTo("Größe 規格 👩‍🚀");
        assertThat(parts.getBodyPart(0).getContentType())
                .startsWith("text/plain")
                .containsIgnoringCase("utf-8");
        assertThat(text(parts.getBodyPart(1))).isEqualTo("<p>Größe 規格 👩‍🚀</p>");
        assertThat(parts.getBodyPart(1).getContentType())
                .startsWith("text/html")
                .containsIgnoringCase("utf-8");
    }

    @Test
    void shouldSendTheSameMessageIdHoweverOftenItSends() throws Exception {
        channel.deliver(ADA, ENVELOPE, CONTENT);
        channel.deliver(ADA, ENVELOPE, CONTENT);

        assertThat(server.received()).hasSize(2);
        assertThat(server.received().get(0).getMessageID())
                .isEqualTo(server.received().get(1).getMessageID());
    }

    @Test
    void shouldKeepALongSubjectOfWhateverCharacters() throws Exception {
        String subject = "👩‍🚀ä" + "規格".repeat(97);

        channel.deliver(ADA, ENVELOPE, new Content.Email(subject, "text", "<p>text</p>"));

        MimeMessage mail = server.received().getFirst();
        assertThat(mail.getSubject()).isEqualTo(subject);
        assertThat(GreenMailUtil.getHeaders(mail).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(998));
    }

    @Test
    void shouldBeginAThreadWithTheFirstMail() throws Exception {
        channel.deliver(ADA, new Envelope(FIRST, null, Situation.BACKUP_FAILED, null), CONTENT);

        MimeMessage mail = server.received().getFirst();
        assertThat(mail.getHeader("References")).isNull();
        assertThat(mail.getHeader("X-Slipway-Release")).isNull();
    }

    @Test
    void shouldNotTryAgainWhenTheRecipientIsRefused() {
        server.refuse("ada@shop.example", "550 5.1.1 <ada@shop.example>: no such user");

        Delivery delivery = channel.deliver(ADA, ENVELOPE, CONTENT);

        assertThat(delivery)
                .isEqualTo(
                        new Delivery.Refused(Reason.RECIPIENT_REFUSED, "550 5.1.1 <a***@shop.example>: no such user"));
    }

    @Test
    void shouldTryAgainWhenTheRecipientIsRefusedForNow() {
        server.refuse("ada@shop.example", "451 4.2.0 greylisted, come back later");

        Delivery delivery = channel.deliver(ADA, ENVELOPE, CONTENT);

        assertThat(delivery).isEqualTo(Delivery.notNow(Reason.RECEIVER_BUSY, "451 4.2.0 greylisted, come back later"));
    }

    @Test
    void shouldNotTryAgainWhenTheMessageIsRefused() {
        server.refuseMessagesTo("ada@shop.example", "554 5.6.0 looks like spam");

        Delivery delivery = channel.deliver(ADA, ENVELOPE, CONTENT);

        assertThat(delivery).isEqualTo(new Delivery.Refused(Reason.MESSAGE_REFUSED, "554 5.6.0 looks like spam"));
    }

    @Test
    void shouldTryAgainWhileTheServerIsDownAndArriveWhenItIsBack() {
        server.stop();

        Delivery away = channel.deliver(ADA, ENVELOPE, CONTENT);
        server.start();
        Delivery back = channel.deliver(ADA, ENVELOPE, CONTENT);

        assertThat(away).isEqualTo(Delivery.notNow(Reason.UNREACHABLE, "the mail server cannot be reached"));
        assertThat(back).isInstanceOf(Delivery.Accepted.class);
    }

    @Test
    void shouldSayThatNobodyKnowsWhenNoAnswerComesInTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Delivery delivery =
                    channel(silent.getLocalPort(), Duration.ofSeconds(1)).deliver(ADA, ENVELOPE, CONTENT);

            assertThat(delivery).isEqualTo(Delivery.noAnswer(Reason.TIMEOUT, "no answer within 1 s"));
        }
    }

    @Test
    void shouldDeliverEveryOneOfManyMails() {
        for (int i = 0; i < 40; i++) {
            assertThat(channel.deliver(ADA, ENVELOPE, CONTENT)).isInstanceOf(Delivery.Accepted.class);
        }
    }

    @Test
    void shouldStillDeliverAfterManyFailures() throws IOException {
        server.refuse("ada@shop.example", "550 5.1.1 no such user");
        for (int i = 0; i < 15; i++) {
            channel.deliver(ADA, ENVELOPE, CONTENT);
        }
        server.accept("ada@shop.example");
        server.stop();
        EmailChannel hasty = channel(server.port(), Duration.ofMillis(50));
        try (ServerSocket silent = new ServerSocket(server.port(), 50, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 15; i++) {
                hasty.deliver(ADA, ENVELOPE, CONTENT);
            }
        }
        server.start();

        assertThat(channel.deliver(ADA, ENVELOPE, CONTENT)).isInstanceOf(Delivery.Accepted.class);
    }

    private static EmailChannel channel(int port) {
        return channel(port, Duration.ofSeconds(10));
    }

    private static EmailChannel channel(int port, Duration deadline) {
        MailConfig config = new MailConfig().setHostname("127.0.0.1").setPort(port);
        return new EmailChannel(MailServerAccess.of(vertx, config, deadline), FROM, deadline);
    }

    private static String text(BodyPart part) throws Exception {
        return part.getContent().toString().strip();
    }
}
