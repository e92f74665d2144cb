package dev.slipway.notify;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.server.AbstractServer;
import com.icegreen.greenmail.smtp.SmtpManager;
import com.icegreen.greenmail.smtp.SmtpState;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A real SMTP server that can be told whom to refuse and can go away and come back on the same port.
public final class MailServer extends GreenMail {
    private final Map<String, String> refusals;
    private final Map<String, String> contentRefusals;

    public static MailServer onFreePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new MailServer(new ServerSetup(socket.getLocalPort(), "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private MailServer(ServerSetup setup) {
        refusals = new ConcurrentHashMap<>();
        contentRefusals = new ConcurrentHashMap<>();
        super(setup);
    }

    public int port() {
        return config[0].getPort();
    }

    /// Answers `RCPT TO` for this address so: `550 5.1.1 no such user`.
    public void refuse(String address, String answer) {
        refusals.put(address, answer);
    }

    /// Answers so when the message for this address has been sent: `554 5.6.0 no`.
    public void refuseMessagesTo(String address, String answer) {
        contentRefusals.put(address, answer);
    }

    public void accept(String address) {
        refusals.remove(address);
        contentRefusals.remove(address);
    }

    public List<MimeMessage> received() {
        return Arrays.asList(getReceivedMessages());
    }

    @Override
    protected Map<String, AbstractServer> createServices(ServerSetup[] config, Managers managers) {
        SmtpManager picky = new SmtpManager(managers.getImapHostManager(), managers.getUserManager()) {
            @Override
            public String checkRecipient(SmtpState state, MailAddress recipient) {
                return refusals.get(recipient.getEmail());
            }

            @Override
            public String checkData(SmtpState state) {
                return state.getMessage().getToAddresses().stream()
                        .map(address -> contentRefusals.get(address.getEmail()))
                        .filter(answer -> answer != null)
                        .findFirst()
                        .orElse(null);
            }
        };
        return super.createServices(config, new Managers() {
            @Override
            public SmtpManager getSmtpManager() {
                return picky;
            }
        });
    }
}
