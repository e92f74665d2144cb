package dev.slipway.demo.receivers;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A mail server for everybody: takes what comes by SMTP and shows it.
public final class Mailbox implements AutoCloseable {
    private final GreenMail server;

    /// One mail. @param id its Message-ID; @param raw as it came over the wire
    public record Mail(String id, List<String> to, String subject, String text, String raw) {
        static Mail of(MimeMessage message) {
            try {
                List<String> to = Stream.of(message.getRecipients(Message.RecipientType.TO))
                        .map(Object::toString)
                        .toList();
                return new Mail(
                        message.getMessageID(),
                        to,
                        message.getSubject(),
                        text(message),
                        GreenMailUtil.getWholeMessage(message));
            } catch (MessagingException | IOException e) {
                throw new IllegalStateException("a mail that cannot be read", e);
            }
        }

        /// The plain text, also where it stands beside HTML.
        private static String text(Part part) throws MessagingException, IOException {
            if (part.getContent() instanceof Multipart parts) {
                for (int i = 0; i < parts.getCount(); i++) {
                    String found = text(parts.getBodyPart(i));
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
                return "";
            }
            return part.isMimeType("text/plain") ? part.getContent().toString() : "";
        }

        public boolean isTo(String address) {
            return to.contains(address);
        }
    }

    private Mailbox(GreenMail server) {
        this.server = server;
    }

    public static Mailbox start() {
        var server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        return new Mailbox(server);
    }

    public int port() {
        return server.getSmtp().getPort();
    }

    public List<Mail> mails() {
        return Arrays.stream(server.getReceivedMessages()).map(Mail::of).toList();
    }

    @Override
    public void close() {
        server.stop();
    }
}
