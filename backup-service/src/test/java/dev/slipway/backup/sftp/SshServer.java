package dev.slipway.backup.sftp;

import dev.slipway.backup.location.FreePort;
import dev.slipway.backup.storage.LocationsFile;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A real OpenSSH server, for this user only, with a key and a configuration of its own.
public final class SshServer implements AutoCloseable {
    private static final int TRIES = 200;

    private final Path folder;
    private final int port = FreePort.find();
    private final Process process;

    public SshServer(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder.toAbsolutePath());
        keygen("host", "ed25519");
        keygen("user", "ed25519");
        Files.copy(folder.resolve("user.pub"), folder.resolve("authorized"));
        Path config = Files.writeString(folder.resolve("sshd_config"), """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %2$s/host
                AuthorizedKeysFile %2$s/authorized
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                Subsystem sftp internal-sftp
                """.formatted(port, folder.toAbsolutePath()));
        Files.createDirectories(folder.resolve("data"));
        if (isRoot()) {
            // What it drops its rights into.
            Files.createDirectories(
                    Path.of("/run/sshd"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        process = new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sshd.log").toFile())
                .start();
        awaitReady();
    }

    /// How to reach a folder of it.
    public LocationsFile.Sftp settings() throws IOException {
        return settings(hostKey("host"), Files.readString(folder.resolve("user")));
    }

    public LocationsFile.Sftp settings(String knownHosts, String privateKey) {
        return new LocationsFile.Sftp(
                "nas",
                "127.0.0.1",
                port,
                System.getProperty("user.name"),
                data().toString(),
                knownHosts,
                null,
                privateKey,
                Duration.ofSeconds(10));
    }

    /// Another key of that name, as known hosts have it.
    public String hostKey(String name) throws IOException {
        String[] key = Files.readString(folder.resolve(name + ".pub")).split(" ");
        return "[127.0.0.1]:%d %s %s\n".formatted(port, key[0], key[1]);
    }

    public Path data() {
        return folder.resolve("data");
    }

    /// Ends it, with the connections to it.
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /// Makes another pair of keys. @return the private one
    public String keygen(String name, String type) throws Exception {
        Process made = new ProcessBuilder(List.of(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        type,
                        "-N",
                        "",
                        "-f",
                        folder.resolve(name).toString()))
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start();
        if (made.waitFor() != 0) {
            throw new IllegalStateException("ssh-keygen failed: is openssh-client installed?");
        }
        return Files.readString(folder.resolve(name));
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private void awaitReady() {
        for (int tries = 0; tries < TRIES; tries++) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException _) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
        throw new IllegalStateException(
                "sshd did not start: is openssh-server installed? " + folder.resolve("sshd.log"));
    }

    @Override
    public void close() {
        kill();
    }
}
