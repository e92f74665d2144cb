package dev.slipway.notify.channel;

import dev.slipway.notify.audience.EmailAddress;
import dev.slipway.notify.wording.Content;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends e-mail over SMTP, one recipient per message. The Message-ID is made from the notice's id: a second delivery
/// after an answer was lost carries the same one, by which mail systems drop it.
public final class EmailChannel {
    private static final int LONGEST_DETAIL = 300;

    private final MailServerAccess server;
    private final EmailAddress from;
    private final Duration deadline;

    /// @param from the sender; its domain is also that of the Message-IDs
    /// @param deadline of one attempt, from the connection to the answer
    public EmailChannel(MailServerAccess server, EmailAddress from, Duration deadline) {
        this.server = server;
        this.from = from;
        this.deadline = deadline;
    }

    public Delivery deliver(EmailAddress to, Envelope envelope, Content.Email content) {
        MailClient client = server.open();
        try {
            client.sendMail(message(to, envelope, content))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return new Delivery.Accepted("accepted as " + messageId(envelope.notice()));
        } catch (TimeoutException _) {
            return Delivery.noAnswer(Reason.TIMEOUT, "no answer within " + deadline.toSeconds() + " s");
        } catch (ExecutionException e) {
            return outcome(e.getCause(), to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending notice " + envelope.notice(), e);
        } finally {
            client.close();
        }
    }

    private MailMessage message(EmailAddress to, Envelope envelope, Content.Email content) {
        MailMessage message = new MailMessage()
                .setFrom("Slipway <" + from.value() + ">")
                .setTo(to.value())
                .setSubject(EncodedWords.of(content.subject()))
                .setText(content.text())
                .setHtml(content.html())
                .addHeader("Message-ID", messageId(envelope.notice()))
                // No answers from vacation programs (RFC 3834, section 5).
                .addHeader("Auto-Submitted", "auto-generated")
                .addHeader("X-Slipway-Notice", envelope.notice().toString())
                .addHeader("X-Slipway-Situation", envelope.situation().label());
        if (envelope.release() != null) {
            message.addHeader("X-Slipway-Release", envelope.release().toString());
        }
        if (envelope.thread() != null) {
            message.addHeader("In-Reply-To", messageId(envelope.thread()));
            message.addHeader("References", messageId(envelope.thread()));
        }
        return message;
    }

    private String messageId(UUID notice) {
        return "<" + notice + "@" + from.domain() + ">";
    }

    private static Delivery outcome(Throwable failure, EmailAddress to) {
        String detail = detail(failure, to);
        return switch (failure) {
            case SMTPException answer -> answered(answer, detail);
            case ConnectException _, UnknownHostException _, NoRouteToHostException _ ->
                Delivery.notNow(Reason.UNREACHABLE, "the mail server cannot be reached");
            default -> Delivery.noAnswer(Reason.CONNECTION_LOST, detail);
        };
    }

    /// A refusal is final only when it is about this recipient or this message; whatever else the server has against us
    /// is for an operator to put right, and until then nothing is lost.
    private static Delivery answered(SMTPException answer, String detail) {
        if (!answer.isPermanent()) {
            return Delivery.notNow(Reason.RECEIVER_BUSY, detail);
        }
        String stage = String.valueOf(answer.getMessage());
        if (stage.startsWith("recipient address not accepted")) {
            return new Delivery.Refused(Reason.RECIPIENT_REFUSED, detail);
        }
        if (stage.startsWith("sending data failed") || stage.startsWith("DATA command")) {
            return new Delivery.Refused(Reason.MESSAGE_REFUSED, detail);
        }
        return Delivery.notNow(Reason.SENDER_REFUSED, detail);
    }

    /// Servers repeat the address in their answers; it is masked.
    private static String detail(Throwable failure, EmailAddress to) {
        String text = failure instanceof SMTPException answer
                ? answer.getReplyMessage()
                : failure.getClass().getSimpleName() + ": " + failure.getMessage();
        return Excerpt.of(text.replace(to.value(), to.masked()), LONGEST_DETAIL);
    }
}
