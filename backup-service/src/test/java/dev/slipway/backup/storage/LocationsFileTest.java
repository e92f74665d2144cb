package dev.slipway.backup.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocationsFileTest {
    @TempDir
    Path folder;

    @Test
    void shouldReadKeysAndEveryKindOfLocation() {
        LocationsFile file = LocationsFile.parse("""
                keys:
                  - {name: k2026, secret: "${file:backup-key}"}
                locations:
                  - {name: second, type: disk, folder: /mnt/backups}
                  - name: offsite
                    type: s3
                    bucket: shop-backups
                    endpoint: https://s3.example.org
                    prefix: /slipway/
                    accessKey: ${env:SLIPWAY_REF_S3_KEY}
                    secretKey: ${env:SLIPWAY_REF_S3_SECRET}
                    encryption: AES256
                    lock: {mode: compliance, days: 7}
                  - name: nas
                    type: sftp
                    host: nas.example.org
                    user: keeper
                    folder: /backups
                    knownHosts: ${file:known_hosts}
                    privateKey: ${file:nas-key}
                    timeout: PT30S
                """);

        assertThat(file.keys()).containsExactly(new LocationsFile.Key("k2026", "${file:backup-key}"));
        assertThat(file.locations()).hasSize(3);
        assertThat(file.locations().get(1)).isInstanceOfSatisfying(LocationsFile.S3.class, s3 -> {
            assertThat(s3.pathStyle()).isTrue();
            assertThat(s3.prefix()).isEqualTo("slipway");
            assertThat(s3.region()).isEqualTo("us-east-1");
            assertThat(s3.timeout()).isEqualTo(Duration.ofMinutes(1));
        });
        assertThat(file.locations().get(2)).isInstanceOfSatisfying(LocationsFile.Sftp.class, sftp -> {
            assertThat(sftp.port()).isEqualTo(22);
            assertThat(sftp.timeout()).isEqualTo(Duration.ofSeconds(30));
        });
    }

    @Test
    void shouldTakeAnEmptyFileForNothing() {
        assertThat(LocationsFile.parse("")).isEqualTo(LocationsFile.empty());
        assertThat(LocationsFile.parse("keys:")).isEqualTo(LocationsFile.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "locations: [{name: a, type: tape}] | tape",
                "locations: [{name: a, type: disk}] | folder is missing",
                "locations: [{name: a, type: disk, folder: /a, colour: red}] | colour",
                "locations: [{name: disk, type: disk, folder: /a}] | 'disk' is there twice",
                "locations: [{name: A b, type: disk, folder: /a}] | 'A b' is no name",
                "locations: [{name: a, type: s3, bucket: b, accessKey: x}] | go together",
                "locations: [{name: a, type: s3, bucket: b, encryption: rot13}] | AES256 or aws:kms",
                "locations: [{name: a, type: s3, bucket: b, lock: {mode: strict, days: 1}}] | governance or compliance",
                "locations: [{name: a, type: sftp, host: h, user: u, folder: /f, password: p}] | knownHosts is missing",
                "locations: [{name: a, type: sftp, host: h, user: u, folder: /f, knownHosts: k}] | password or privateKey",
                "keys: [{name: k}] | secret is missing",
                "keys: [{name: k, secret: s}, {name: k, secret: s}] | 'k' is there twice",
            })
    void shouldSayWhatIsWrong(String yaml, String said) {
        IllegalArgumentException refused =
                catchThrowableOfType(IllegalArgumentException.class, () -> LocationsFile.parse(yaml));

        assertThat(refused).hasMessageContaining(said).hasMessageContaining("line 1");
    }

    @Test
    void shouldNameTheFile() throws Exception {
        Path file = Files.writeString(folder.resolve("locations.yaml"), "locations: [{name: a}]");

        IllegalArgumentException refused =
                catchThrowableOfType(IllegalArgumentException.class, () -> LocationsFile.read(file));

        assertThat(refused).hasMessageContaining(file.toString());
    }
}
