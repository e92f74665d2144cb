package dev.slipway.trials.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A mail server of a few lines: just enough SMTP to take messages, or not to, as its mood lets it. The
/// key is the part of the Message-ID before its `@`.
final class MailReceiver implements AutoCloseable {
    private static final Pattern MESSAGE_ID = Pattern.compile("(?i)^Message-ID:\\s*<([^@>]+)@.*");
    private static final Pattern RECIPIENT = Pattern.compile("(?i)^RCPT TO:\\s*<([^>]+)>.*");
    private static final String SMTP_FAILED = "451 try again later";

    private final ServerSocket server;
    private final Receipts receipts;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Mood mood = Mood.WELL;

    MailReceiver(Receipts receipts) throws IOException {
        this.receipts = receipts;
        server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("mail").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void mood(Mood next) {
        mood = next;
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        server.close();
    }

    private void accept() {
        while (closing.getCount() > 0) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                if (closing.getCount() > 0) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout((int) Receipts.SILENCE.toMillis());
            var session = new Session(
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1)),
                    client.getOutputStream());
            session.talk();
        } catch (IOException _) {
            // The client went away, as it may at any time.
        }
    }

    private void silence() {
        try {
            closing.await(Receipts.SILENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Session {
        private final BufferedReader in;
        private final OutputStream out;
        private String recipient = "";

        Session(BufferedReader in, OutputStream out) {
            this.in = in;
            this.out = out;
        }

        void talk() throws IOException {
            if (mood == Mood.HANGING) {
                silence();
                return;
            }
            if (mood == Mood.LIMITING) {
                say("421 too many connections, try again later");
                return;
            }
            say("220 mail.example ESMTP");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!answer(line)) {
                    return;
                }
            }
        }

        /// @return false when the talk is over
        private boolean answer(String line) throws IOException {
            String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            switch (verb) {
                case "DATA" -> {
                    say("354 go on");
                    return message();
                }
                case "RCPT" -> {
                    Matcher matcher = RECIPIENT.matcher(line);
                    recipient = matcher.matches() ? matcher.group(1) : "";
                    say("250 ok");
                }
                case "QUIT" -> {
                    say("221 bye");
                    return false;
                }
                default -> say("250 ok");
            }
            return true;
        }

        private boolean message() throws IOException {
            String key = "";
            boolean inHeaders = true;
            for (String line = in.readLine(); !".".equals(line); line = in.readLine()) {
                if (line == null) {
                    return false;
                }
                inHeaders &= !line.isEmpty();
                Matcher matcher = MESSAGE_ID.matcher(line);
                if (inHeaders && matcher.matches()) {
                    key = matcher.group(1);
                }
            }
            switch (mood) {
                case WELL -> {
                    receipts.write("mail", recipient, key, "accepted");
                    say("250 taken");
                }
                case FAILING, LIMITING -> {
                    receipts.write("mail", recipient, key, "refused");
                    say(SMTP_FAILED);
                }
                case HANGING -> silence();
                case SWALLOWING -> {
                    receipts.write("mail", recipient, key, "swallowed");
                    silence();
                }
            }
            return true;
        }

        private void say(String line) throws IOException {
            out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }
}
