package dev.slipway.backup.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.location.Draft;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.location.LocationFault.Reason;
import dev.slipway.backup.location.LocationPromises;
import dev.slipway.backup.storage.LocationsFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SftpLocationTest extends LocationPromises {
    @TempDir
    Path folder;

    private SshServer server;

    @BeforeEach
    void start() throws Exception {
        server = new SshServer(folder.resolve("ssh"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected Location location() throws Exception {
        return SftpLocation.of(server.settings(), reference -> reference);
    }

    @Override
    protected int drafts() throws Exception {
        try (Stream<Path> files = Files.walk(server.data())) {
            return (int) files.filter(file -> file.toString().endsWith(".part")).count();
        }
    }

    @Test
    void shouldLetOnlyThatUserReadWhatIsStored() throws Exception {
        location().put(item, new byte[1]);

        Path file = server.data().resolve(item.path());
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(file.getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void shouldRefuseAServerThatShowsAnotherKey() throws Exception {
        server.keygen("stranger", "ed25519");
        LocationsFile.Sftp settings =
                server.settings(server.hostKey("stranger"), Files.readString(folder.resolve("ssh/user")));

        LocationFault fault = refusal(settings);

        assertThat(fault.reason()).isEqualTo(Reason.DENIED);
        assertThat(fault).hasMessageContaining("not among the known ones");
    }

    @Test
    void shouldRefuseAServerWhoseKeyIsRevokedWhereverThatStands() throws Exception {
        String known = server.hostKey("host");

        for (String hosts : List.of("@revoked " + known, known + "@revoked " + known)) {
            LocationFault fault = refusal(server.settings(hosts, Files.readString(folder.resolve("ssh/user"))));

            assertThat(fault.reason()).isEqualTo(Reason.DENIED);
            assertThat(fault).hasMessageContaining("not among the known ones");
        }
    }

    @Test
    void shouldRefuseAServerNobodyKnows() throws Exception {
        LocationFault fault = refusal(server.settings("# nobody\n", Files.readString(folder.resolve("ssh/user"))));

        assertThat(fault.reason()).isEqualTo(Reason.DENIED);
    }

    @Test
    void shouldSayThatTheServerDoesNotKnowThisUsersKey() throws Exception {
        String stranger = server.keygen("stranger", "ed25519");

        LocationFault fault = refusal(server.settings(server.hostKey("host"), stranger));

        assertThat(fault.reason()).isEqualTo(Reason.DENIED);
        assertThat(fault)
                .hasMessageNotContaining(stranger.lines().skip(1).findFirst().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ecdsa"})
    void shouldIdentifyByEveryUsualKindOfKey(String type) throws Exception {
        String key = server.keygen("another", type);
        Files.copy(
                folder.resolve("ssh/another.pub"),
                folder.resolve("ssh/authorized"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Location location = SftpLocation.of(server.settings(server.hostKey("host"), key), reference -> reference);

        location.put(item, new byte[7]);

        assertThat(location.size(item)).hasValue(7);
    }

    @Test
    void shouldSayThatTheServerWentAwayInTheMiddle() throws Exception {
        LocationFault fault;
        try (Draft draft = location().begin(item)) {
            draft.write(ByteBuffer.wrap(random(5_000_000)));
            server.kill();

            fault = catchThrowableOfType(LocationFault.class, () -> {
                for (int round = 0; round < 100; round++) {
                    draft.write(ByteBuffer.wrap(random(1_000_000)));
                }
                draft.finish();
            });
        }

        assertThat(fault.reason()).isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void shouldSayThatNobodyListens() throws Exception {
        Location location = location();
        server.kill();

        LocationFault fault = catchThrowableOfType(LocationFault.class, () -> location.size(item));

        assertThat(fault.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(fault).hasMessageContaining("location nas");
    }

    private LocationFault refusal(LocationsFile.Sftp settings) {
        return catchThrowableOfType(
                LocationFault.class,
                () -> SftpLocation.of(settings, reference -> reference).put(item, new byte[1]));
    }
}
