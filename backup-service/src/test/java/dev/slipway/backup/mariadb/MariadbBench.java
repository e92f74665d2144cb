package dev.slipway.backup.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.proof.Check;
import dev.slipway.backup.proof.DrillReport;
import dev.slipway.backup.proof.Readback;
import dev.slipway.backup.proof.RestoreDrill;
import dev.slipway.testkit.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// A folder for one backup of a database of MariaDB or MySQL, and what tests do with it.
///
/// @param disk its location, with what runs the programs beside it
/// @param programs where the programs are; empty for those of this machine
record MariadbBench(Path disk, UUID backup, TestClock clock, List<Path> programs) {
    static final Limits LIMITS = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(2));

    /// The rights of an account that sees everything and may hold no writers.
    static final String SEES_ALL = "select, show view, trigger, event on *.*";

    MariadbBench(Path disk) {
        this(disk, List.of());
    }

    MariadbBench(Path disk, List<Path> programs) {
        this(disk, UUID.randomUUID(), TestClock.at("2026-03-01T10:00:00Z"), programs);
    }

    /// A dump program that is a script around the real one.
    Engines dumpingBy(String script) throws IOException {
        Path folder = Files.createDirectories(disk.resolve(".programs"));
        Path dump = folder.resolve("mariadb-dump");
        Files.writeString(
                dump, "#!/bin/bash\n[ \"$1\" = --version ] && exec /usr/bin/mariadb-dump --version\n" + script);
        dump.toFile().setExecutable(true);
        Files.createSymbolicLink(folder.resolve("mariadb"), Path.of("/usr/bin/mariadb"));
        return lookingIn(folder);
    }

    /// With the programs of this folder only.
    Engines lookingIn(Path folder) {
        return lookingIn(List.of(folder));
    }

    private Engines lookingIn(List<Path> folders) {
        return new Engines(
                ofThisMachine().postgresql(),
                new MariadbEngine(new DumpClients(folders), new MariadbPrograms(disk.resolve(".run")), clock));
    }

    /// Of the backup there is nothing, nor of what ran for it.
    void nothingIsLeft() {
        assertThat(shelf().everything()).allSatisfy(file -> assertThat(file).startsWith(".programs"));
    }

    BackupFault refused(Access access, Limits limits) {
        return catchThrowableOfType(BackupFault.class, () -> capture(shelf(), access, limits));
    }

    BackupFault refused(Engines engines, Access access) {
        return catchThrowableOfType(
                BackupFault.class,
                () -> new CaptureBackup(engines, clock).capture(shelf().order(backup, access, LIMITS)));
    }

    FailureReason damageFound(ThrowingCallable proving) {
        return catchThrowableOfType(BackupFault.class, proving).reason();
    }

    Archive capture(Access access) throws Exception {
        return capture(shelf(), access, LIMITS);
    }

    Archive capture(Shelf onto, Access access, Limits limits) throws Exception {
        return new CaptureBackup(engines(), clock).capture(onto.order(backup, access, limits));
    }

    Proof readback(Archive of) throws Exception {
        return new Readback(engines(), clock).prove(shelf().sealed().copies(backup, of), LIMITS);
    }

    Proof restore(Archive of, ShopOnMariadb shop) throws Exception {
        return RestoreDrill.proof(drill(of, shop));
    }

    DrillReport drill(Archive of, ShopOnMariadb shop, Check... checks) throws Exception {
        return drill(of, shop.access(), checks);
    }

    DrillReport drill(Archive of, Access access, Check... checks) throws Exception {
        return new RestoreDrill(engines(), clock)
                .drill(shelf().sealed().copies(backup, of), access, List.of(checks), LIMITS);
    }

    Engines engines() {
        return programs.isEmpty() ? ofThisMachine() : lookingIn(programs);
    }

    private Engines ofThisMachine() {
        return Shelf.engines(disk.resolve(".run"), clock);
    }

    Shelf shelf() {
        return Shelf.in(disk);
    }
}
