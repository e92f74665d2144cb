package dev.slipway.backup.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.manifest.BackupManifest.Database;
import dev.slipway.backup.proof.Check;
import dev.slipway.backup.proof.Judgement;
import dev.slipway.backup.proof.Size;
import dev.slipway.backup.retention.RetentionPolicy;
import dev.slipway.backup.schedule.Plan;
import dev.slipway.backup.schedule.Rhythm;
import dev.slipway.backup.schedule.Task;
import dev.slipway.backup.schedule.Timetable;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.watchdog.WatchdogPolicy;
import dev.slipway.manifest.ManifestCheck;
import dev.slipway.web.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackupManifestReaderTest {
    @Test
    void shouldReadTheShopsManifest() throws Exception {
        byte[] yaml = Files.readAllBytes(Path.of("../demo/slipway.yaml"));

        var checked = check(yaml);

        assertThat(checked.faults()).isEmpty();
        assertThat(checked.sections().database("shop"))
                .contains(new Database(
                        "shop",
                        ServerKind.POSTGRESQL,
                        "production",
                        "${env:SLIPWAY_REF_SHOP_DATABASE_HOST}",
                        "${env:SLIPWAY_REF_SHOP_DATABASE_PORT}",
                        "shop_production",
                        "${env:SLIPWAY_REF_SHOP_BACKUP_USER}",
                        "${env:SLIPWAY_REF_SHOP_BACKUP_PASSWORD}",
                        new BackupManifest.Keeping(List.of("disk"), 1, Storage.Method.ZSTD),
                        List.of(new Plan(
                                "nightly",
                                Task.BACKUP,
                                new Timetable(Rhythm.cron("0 2 * * *"), ZoneId.of("America/Los_Angeles")),
                                Duration.ofHours(12),
                                ProofKind.RESTORE)),
                        WatchdogPolicy.USUAL,
                        RetentionPolicy.USUAL,
                        Judgement.NONE));
    }

    @Test
    void shouldReadWhatElseHasToBeTrueOfABackup() {
        var checked = check(judged("""
                    checks:
                      - {name: orders-there, sql: select count(*) > 0 from orders, limit: PT5S}
                      - {name: no-debt, sql: select true}
                    size: {least: 200 kB, most: 1.5 GB, times: 3, otherwise: fail}
                """));

        assertThat(checked.faults()).isEmpty();
        assertThat(checked.sections().database("shop").orElseThrow().judgement())
                .isEqualTo(new Judgement(
                        List.of(
                                new Check("orders-there", "select count(*) > 0 from orders", Duration.ofSeconds(5)),
                                new Check("no-debt", "select true", Duration.ofSeconds(30))),
                        new Size(200_000, 1_500_000_000, 3, true)));
    }

    @Test
    void shouldRefuseASizeThatIsNone() {
        var checked = check(judged("""
                    size: {least: 2 GB, most: 1 GB}
                """));
        var unreadable = check(judged("""
                    size: {least: plenty}
                """));

        assertThat(checked.faults().toString()).contains("is less than 'least'");
        assertThat(unreadable.faults().toString()).contains("must be a size such as 200 MB, not 'plenty'");
    }

    private static byte[] judged(String more) {
        return ("""
                application: shop
                environments: [{name: production}]
                databases:
                  - name: shop
                    type: postgresql
                    environment: production
                    host: localhost
                    database: shop
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [disk]
                """ + more).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldReadWhichKindOfServerItIs() {
        var checked = check("""
                application: shop
                environments: [{name: production}]
                databases:
                  - {name: a, type: mariadb, environment: production, host: h, database: d, user: u, password: "${env:SLIPWAY_REF_P}", locations: [disk]}
                  - {name: b, type: mysql, environment: production, host: h, database: d, user: u, password: "${env:SLIPWAY_REF_P}", locations: [disk]}
                  - {name: c, environment: production, host: h, database: d, user: u, password: "${env:SLIPWAY_REF_P}", locations: [disk]}
                """.getBytes(StandardCharsets.UTF_8));

        assertThat(checked.faults()).isEmpty();
        assertThat(checked.sections().databases())
                .extracting(BackupManifest.Database::source)
                .containsExactly("mariadb://h:3306/d", "mysql://h:3306/d", "postgresql://h:5432/d");
    }

    @Test
    void shouldRefuseAKindOfServerNobodyKnows() {
        var checked = check("""
                application: shop
                environments: [{name: production}]
                databases:
                  - {name: a, type: oracle, environment: production, host: h, database: d, user: u, password: "${env:SLIPWAY_REF_P}", locations: [disk]}
                """.getBytes(StandardCharsets.UTF_8));

        assertThat(checked.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.line()).isEqualTo(4);
            assertThat(fault.message()).contains("postgresql, mariadb, mysql", "oracle");
        });
    }

    @Test
    void shouldReadWhereAndHowBackupsAreKept() {
        var checked = check("""
                application: shop
                environments: [{name: production}]
                databases:
                  - name: shop
                    type: postgresql
                    environment: production
                    host: localhost
                    database: shop
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [second, disk]
                    needed: 2
                    compression: gzip
                """.getBytes(StandardCharsets.UTF_8));

        assertThat(checked.faults()).isEmpty();
        assertThat(checked.sections().database("shop").orElseThrow().keeping())
                .isEqualTo(new BackupManifest.Keeping(List.of("second", "disk"), 2, Storage.Method.GZIP));
    }

    @Test
    void shouldRefuseMoreLocationsThanThereAre() {
        var checked = check("""
                application: shop
                environments: [{name: production}]
                databases:
                  - name: shop
                    type: postgresql
                    environment: production
                    host: localhost
                    database: shop
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [disk, tape]
                    needed: 2
                """.getBytes(StandardCharsets.UTF_8));

        assertThat(checked.faults())
                .extracting(fault -> fault.path() + " " + fault.message())
                .anySatisfy(fault -> assertThat(fault).contains("locations[1]").contains("disk"))
                .contains("databases[0].needed there are only 1 locations");
    }

    @Test
    void shouldDoWithoutDatabases() {
        var checked = check("application: shop\n".getBytes(StandardCharsets.UTF_8));

        assertThat(checked.sections().databases()).isEmpty();
    }

    @Test
    void shouldNameEveryFaultWithItsPlace() {
        byte[] yaml = """
                application: shop
                environments:
                  - name: production
                databases:
                  - name: shop
                    type: oracle
                    environment: live
                    host: localhost
                    database: shop
                    user: keeper
                    password: hunter2
                    locations: [disk, disk]
                    schedules:
                      - {name: nightly, cron: "61 2 * * *", zone: PST}
                      - {name: noon, at: "12:60", days: [monday, funday], zone: UTC, grace: 1h, proof: hope}
                      - {name: mixed, at: "12:00", cron: "0 12 * * *", zone: UTC}
                      - {name: days, cron: "0 12 * * *", days: [monday], zone: UTC}
                    watchdog: {maxAge: PT0S, proof: hope, longestPause: never}
                    retention: {last: -1, weekly: many, zone: Mars/Base}
                    keep: 7
                  - name: shop
                    type: postgresql
                    environment: production
                    host: localhost
                    port: 99999
                    database: shop
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [tape]
                """.getBytes(StandardCharsets.UTF_8);

        List<Fault> faults = check(yaml).faults();

        assertThat(faults)
                .extracting(Fault::path)
                .containsExactlyInAnyOrder(
                        "databases[0].type",
                        "databases[0].environment",
                        "databases[0].password",
                        "databases[0].locations",
                        "databases[0].schedules[0].cron",
                        "databases[0].schedules[0].zone",
                        "databases[0].schedules[1].at",
                        "databases[0].schedules[1].days[1]",
                        "databases[0].schedules[1].grace",
                        "databases[0].schedules[1].proof",
                        "databases[0].schedules[2].cron",
                        "databases[0].schedules[3].days",
                        "databases[0].watchdog.maxAge",
                        "databases[0].watchdog.proof",
                        "databases[0].watchdog.longestPause",
                        "databases[0].retention.last",
                        "databases[0].retention.weekly",
                        "databases[0].retention.zone",
                        "databases[0].keep",
                        "databases[1].name",
                        "databases[1].port",
                        "databases[1].locations[0]");
        assertThat(faults).allSatisfy(fault -> assertThat(fault.line()).isNotNull());
        assertThat(faults.toString()).doesNotContain("hunter2");
    }

    private static ManifestCheck.Checked<BackupManifest> check(byte[] yaml) {
        return ManifestCheck.with(new BackupManifestReader(Shelf.NAMES)).read(yaml);
    }
}
