package dev.slipway.demo.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.TestClock;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiversTest {
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");

    @Test
    void shouldTakeAPostAsSlackDoes() throws Exception {
        try (SlackReceiver slack = SlackReceiver.start(clock)) {
            HttpResponse<String> answer = post(slack.url(), """
                    {"text":"shop v2 is live","blocks":[
                      {"type":"header","text":{"type":"plain_text","text":"Live"}},
                      {"type":"section","text":{"type":"mrkdwn","text":"*shop* v2"}}]}
                    """);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(slack.posts())
                    .singleElement()
                    .satisfies(post -> assertThat(post.text()).contains("shop v2 is live", "Live", "*shop* v2"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json | invalid_payload",
                "[] | invalid_payload",
                "{} | no_text",
                "{\"text\":\" \"} | no_text",
                "{\"text\":\"t\",\"blocks\":[{\"type\":\"section\"}]} | invalid_blocks",
                "{\"text\":\"t\",\"blocks\":[{\"kind\":\"section\"}]} | invalid_blocks"
            })
    void shouldRefuseWhatSlackRefuses(String body, String fault) throws Exception {
        try (SlackReceiver slack = SlackReceiver.start(clock)) {
            HttpResponse<String> answer = post(slack.url(), body);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(fault);
            assertThat(slack.posts()).isEmpty();
            assertThat(post(slack.url().resolve("/services/else"), "{\"text\":\"t\"}")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void shouldShowMailsAsTheyCame() throws Exception {
        try (Mailbox mailbox = Mailbox.start()) {
            var properties = new Properties();
            properties.setProperty("mail.smtp.host", "127.0.0.1");
            properties.setProperty("mail.smtp.port", Integer.toString(mailbox.port()));
            var message = new MimeMessage(Session.getInstance(properties));
            message.setFrom(new InternetAddress("slipway@shop.example"));
            message.setRecipient(MimeMessage.RecipientType.TO, new InternetAddress("team@shop.example"));
            message.setSubject("shop v2 is live — überall");
            message.setText("All traffic is on v2.", "UTF-8");

            Transport.send(message);

            assertThat(mailbox.mails()).singleElement().satisfies(mail -> {
                assertThat(mail.isTo("team@shop.example")).isTrue();
                assertThat(mail.subject()).isEqualTo("shop v2 is live — überall");
                assertThat(mail.text()).contains("All traffic is on v2.");
                assertThat(mail.raw()).contains("Message-ID:");
            });
        }
    }

    private static HttpResponse<String> post(URI url, String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(url)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
