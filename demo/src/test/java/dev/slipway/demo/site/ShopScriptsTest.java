package dev.slipway.demo.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.demo.shop.ShopRelease;
import dev.slipway.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real scripts, the real shop, a real database.
class ShopScriptsTest {
    private static final Path SCRIPTS = Path.of("scripts").toAbsolutePath();

    @TempDir
    private Path home;

    private ShopInstances instances;
    private ShopScripts scripts;

    @BeforeEach
    void prepare() throws Exception {
        TestDatabase database = TestDatabase.fresh();
        ShopSite site = ShopSite.prepare(home);
        Map<String, String> references = new HashMap<>(site.references(TestDatabase.port()));
        references.put("SLIPWAY_REF_SHOP_STAGING_DATABASE", database.url());
        references.put("SLIPWAY_REF_SHOP_DATABASE_USER", database.user());
        references.put("SLIPWAY_REF_SHOP_DATABASE_PASSWORD", database.password());
        scripts = new ShopScripts(SCRIPTS, Path.of("slipway.yaml"), references);
        instances = new ShopInstances(home);
        new ShopRelease("v1", 1, 1).write(home);
        new ShopRelease("v2", 2, 2).write(home);
    }

    @AfterEach
    void stop() throws Exception {
        instances.stopAll();
    }

    @Test
    void shouldReplaceWhatRunsByWhatIsAskedFor() throws Exception {
        run("shop-migrate.sh", "v1");
        assertThat(run("shop-running.sh", "v1")).isEmpty();
        run("shop-deploy.sh", "v1");
        assertThat(run("shop-running.sh", "v1")).isEqualTo("v1");

        assertThat(run("shop-migrate.sh", "v2")).isEqualTo("migration=done from=1 to=2");
        run("shop-deploy.sh", "v2");

        assertThat(run("shop-running.sh", "v2")).isEqualTo("v2");
        assertThat(run("shop-schema-version.sh", "v2")).isEqualTo("2");
        assertThat(instances.running()).hasSize(1);
    }

    @Test
    void shouldFindNothingToDoTheSecondTime() throws Exception {
        run("shop-migrate.sh", "v2");
        run("shop-deploy.sh", "v2");
        long process = instances.running().getFirst().pid();

        assertThat(run("shop-deploy.sh", "v2")).contains("already runs v2");
        assertThat(run("shop-migrate.sh", "v2")).isEqualTo("migration=done from=2 to=2");

        assertThat(instances.running())
                .singleElement()
                .extracting(ProcessHandle::pid)
                .isEqualTo(process);
    }

    @Test
    void shouldTellWhyAVersionDoesNotStartAndLeaveNothingBehind() throws Exception {
        run("shop-migrate.sh", "v1");

        assertThatThrownBy(() -> run("shop-deploy.sh", "v2"))
                .hasMessageContaining("it ended at once")
                .hasMessageContaining("v2 needs schema 2, the database has 1");
        assertThatThrownBy(() -> run("shop-deploy.sh", "v9")).hasMessageContaining("no build of v9");

        assertThat(run("shop-running.sh", "v2")).isEmpty();
        assertThat(instances.running()).isEmpty();
    }

    private String run(String script, String version) throws Exception {
        return scripts.run(script, "staging", "default", version);
    }
}
