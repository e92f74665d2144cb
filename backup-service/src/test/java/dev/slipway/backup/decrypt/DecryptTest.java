package dev.slipway.backup.decrypt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.stream.Compression;
import dev.slipway.backup.stream.OnePass;
import dev.slipway.backup.vault.Sealer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecryptTest {
    private static final byte[] PLAIN =
            "every order of the shop\n".repeat(50_000).getBytes(StandardCharsets.UTF_8);
    private static final String KEY =
            HexFormat.of().formatHex(Shelf.MASTER.key().getEncoded());

    @TempDir
    Path folder;

    private final UUID backup = UUID.randomUUID();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path sealed;
    private Path keyFile;

    @BeforeEach
    void seal() throws Exception {
        Item item = new Item(Shelf.SHOP, backup, "archive.sql.zst.sealed");
        DiskLocation disk = new DiskLocation("disk", folder.resolve("disk"));
        Sealer sealer = Sealer.begin(backup, "sql", "zstd", Shelf.MASTER);
        try (OnePass pass = new OnePass(List.of(disk), item, 1, Shelf.PACE, Compression.ZSTD, sealer)) {
            pass.input().write(PLAIN);
            pass.finish();
            pass.publish();
        }
        sealed = disk.path(item);
        keyFile = Files.writeString(folder.resolve("key"), KEY + "\n");
    }

    @Test
    void shouldNeedOnlyTheFileAndTheMasterKey() {
        Path result = folder.resolve("orders.sql");

        int code = decrypt(sealed.toString(), "--key-file", keyFile.toString(), "--out", result.toString());

        assertThat(code).isZero();
        assertThat(result).hasBinaryContent(PLAIN);
        assertThat(result)
                .satisfies(file -> assertThat(Files.getPosixFilePermissions(file))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        assertThat(said()).contains(backup.toString(), "frames");
    }

    @Test
    void shouldTakeTheKeyFromTheEnvironmentAndWriteToStandardOutput() {
        int code = decrypt(sealed.toString(), "--key-env", "MASTER", "--out", "-");

        assertThat(code).isZero();
        assertThat(out.toByteArray()).isEqualTo(PLAIN);
    }

    @Test
    void shouldLeaveItCompressedWhereThatIsWanted() throws Exception {
        Path result = folder.resolve("orders.sql.zst");

        decrypt(sealed.toString(), "--key-file", keyFile.toString(), "--out", result.toString(), "--keep-compressed");

        try (var unpacked = Compression.ZSTD.from(Files.newInputStream(result))) {
            assertThat(unpacked.readAllBytes()).isEqualTo(PLAIN);
        }
    }

    @Test
    void shouldTellWithoutAKeyWhichKeyItTakes() {
        int code = decrypt(sealed.toString(), "--info");

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(backup.toString(), "first", "sql", "zstd");
    }

    @Test
    void shouldLeaveNothingWhenTheFileWasCut() throws Exception {
        byte[] whole = Files.readAllBytes(sealed);
        Files.write(sealed, Arrays.copyOf(whole, whole.length - 1));

        int code = decrypt(
                sealed.toString(),
                "--key-file",
                keyFile.toString(),
                "--out",
                folder.resolve("result").toString());

        assertThat(code).isEqualTo(1);
        assertThat(said()).contains("frame 0 is not what was written");
        assertThat(Shelf.everything(folder)).noneMatch(path -> path.startsWith("result"));
    }

    @Test
    void shouldSayThatTheKeyIsAnotherOne() throws Exception {
        Files.writeString(keyFile, "ff".repeat(32));

        int code = decrypt(
                sealed.toString(),
                "--key-file",
                keyFile.toString(),
                "--out",
                folder.resolve("result").toString());

        assertThat(code).isEqualTo(1);
        assertThat(said()).contains("was not wrapped under this master key 'first'");
    }

    @Test
    void shouldSayThatTheFileIsNotSealed() throws Exception {
        Path other = Files.writeString(folder.resolve("other"), "PGDMP");

        int code = decrypt(other.toString(), "--key-file", keyFile.toString(), "--out", "-");

        assertThat(code).isEqualTo(1);
        assertThat(said()).contains("does not begin as a file sealed by Slipway");
    }

    @Test
    void shouldExplainItselfWhenItIsNotUnderstood() {
        assertThat(decrypt()).isEqualTo(2);
        assertThat(decrypt(sealed.toString(), "--out", "-")).isEqualTo(2);
        assertThat(decrypt(sealed.toString(), "--key-env", "NOBODY", "--out", "-"))
                .isEqualTo(2);
        assertThat(decrypt(sealed.toString(), "--key-file", keyFile.toString())).isEqualTo(2);
        assertThat(decrypt(sealed.toString(), "--faster")).isEqualTo(2);
        assertThat(said())
                .contains("usage:", "--key-file or by --key-env", "NOBODY has no value", "what is '--faster'");
    }

    private int decrypt(String... args) {
        return new Decrypt(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of("MASTER", KEY))
                .run(args);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
