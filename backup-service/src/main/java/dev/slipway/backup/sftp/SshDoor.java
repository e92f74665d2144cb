package dev.slipway.backup.sftp;

import dev.slipway.backup.storage.LocationsFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.PropertyResolverUtils;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;

/// The way to one server: it has to show a key that is known, and is told only what it asks for. Nothing of this user's
/// own SSH settings plays a part.
final class SshDoor implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /// For the answer to one request; the library keeps the constant to itself.
    private static final String COMMAND_TIMEOUT = "sftp-client-cmd-timeout";

    private final LocationsFile.Sftp settings;
    private final UnaryOperator<String> resolve;
    private final SshClient client;

    SshDoor(LocationsFile.Sftp settings, UnaryOperator<String> resolve) {
        this.settings = settings;
        this.resolve = resolve;
        this.client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier((session, address, key) -> isKnown(address, key));
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setFilePasswordProvider(FilePasswordProvider.EMPTY);
        PropertyResolverUtils.updateProperty(
                client, COMMAND_TIMEOUT, settings.timeout().toMillis());
        SftpModuleProperties.SFTP_CHANNEL_OPEN_TIMEOUT.set(client, settings.timeout());
    }

    /// A new connection. The first one starts the client.
    SftpSession open() throws IOException {
        start();
        ClientSession session = client.connect(settings.user(), settings.host(), settings.port())
                .verify(CONNECT)
                .getSession();
        try {
            identify(session);
            session.auth().verify(settings.timeout());
            SftpClient files = SftpClientFactory.instance().createSftpClient(session);
            return new SftpSession(session, files);
        } catch (IOException | RuntimeException e) {
            session.close(true);
            throw e;
        }
    }

    private synchronized void start() {
        if (!client.isStarted()) {
            client.start();
        }
    }

    private void identify(ClientSession session) throws IOException {
        String password = settings.password();
        if (password != null) {
            session.addPasswordIdentity(resolve.apply(password));
            return;
        }
        String text = resolve.apply(settings.privateKey());
        try (var in = new ByteArrayInputStream((text + "\n").getBytes(StandardCharsets.UTF_8))) {
            Iterable<KeyPair> keys = SecurityUtils.loadKeyPairIdentities(
                    session, NamedResource.ofName(settings.name()), in, FilePasswordProvider.EMPTY);
            if (keys == null) {
                throw new IllegalArgumentException("the private key is none that is known here");
            }
            keys.forEach(session::addPublicKeyIdentity);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the private key cannot be used: " + e.getMessage(), e);
        }
    }

    private boolean isKnown(SocketAddress address, PublicKey key) {
        if (!(address instanceof InetSocketAddress)) {
            return false;
        }
        try {
            boolean isKnown = false;
            for (KnownHostEntry known : entries()) {
                PublicKey expected = known.getKeyEntry().resolvePublicKey(null, PublicKeyEntryResolver.FAILING);
                // The name it was asked for by, not what it says of itself.
                if (known.isHostMatch(settings.host(), settings.port()) && KeyUtils.compareKeys(expected, key)) {
                    if ("revoked".equals(known.getMarker())) {
                        return false;
                    }
                    isKnown = true;
                }
            }
            return isKnown;
        } catch (IOException | GeneralSecurityException _) {
            return false;
        }
    }

    private Collection<KnownHostEntry> entries() throws IOException {
        try (var lines = new StringReader(resolve.apply(settings.knownHosts()))) {
            List<KnownHostEntry> entries = KnownHostEntry.readKnownHostEntries(lines, true);
            return entries.stream().filter(entry -> entry.getKeyEntry() != null).toList();
        }
    }

    @Override
    public void close() {
        client.stop();
    }
}
