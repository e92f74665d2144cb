package dev.slipway.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.manifest.ShopReader.Shop;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.web.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class ManifestsTest {
    private final Jdbi jdbi = TestDatabase.fresh("db/manifest").jdbi();
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    private final List<String> heard = new ArrayList<>();
    private final Manifests<Shop> manifests = manifests((tx, manifest) -> heard.add(manifest.hash()));

    @Test
    void shouldKeepAManifestAndMakeItTheCurrentOne() {
        Manifests.Accepted accepted = put("shop", yaml("shop", "orders"));

        StoredManifest<Shop> current = manifests.current("shop").orElseThrow();
        assertThat(accepted).isEqualTo(new Manifests.Accepted("shop", current.hash(), true, false));
        assertThat(current.text()).isEqualTo(yaml("shop", "orders"));
        assertThat(current.sections().databases().getFirst().name()).isEqualTo("orders");
        assertThat(current.storedAt()).isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
        assertThat(heard).containsExactly(current.hash());
    }

    @Test
    void shouldChangeNothingWhenTheSameIsPutAgain() {
        put("shop", yaml("shop", "orders"));
        clock.advance(Duration.ofHours(1));

        Manifests.Accepted again = put("shop", yaml("shop", "orders"));

        assertThat(again.changed()).isFalse();
        assertThat(manifests.current("shop").orElseThrow().storedAt()).isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
        assertThat(heard).hasSize(1);
    }

    @Test
    void shouldKeepEveryVersion() {
        String first = put("shop", yaml("shop", "orders")).hash();
        String second = put("shop", yaml("shop", "payments")).hash();
        String back = put("shop", yaml("shop", "orders")).hash();

        assertThat(back).isEqualTo(first);
        assertThat(manifests.current("shop").orElseThrow().hash()).isEqualTo(first);
        assertThat(manifests
                        .byHash("shop", second)
                        .orElseThrow()
                        .sections()
                        .databases()
                        .getFirst()
                        .name())
                .isEqualTo("payments");
        assertThat(manifests.byHash("store", second)).isEmpty();
        assertThat(heard).containsExactly(first, second, first);
    }

    @Test
    void shouldOnlyCheckInADryRun() {
        byte[] yaml = yaml("shop", "orders").getBytes(StandardCharsets.UTF_8);

        Manifests.Accepted checked = manifests.check("shop", yaml);

        assertThat(checked.changed()).isTrue();
        assertThat(checked.dryRun()).isTrue();
        assertThat(manifests.current("shop")).isEmpty();
        assertThat(heard).isEmpty();
        put("shop", yaml("shop", "orders"));
        assertThat(manifests.check("shop", yaml).changed()).isFalse();
    }

    @Test
    void shouldRefuseAManifestWithFaultsAndKeepTheOldOne() {
        String hash = put("shop", yaml("shop", "orders")).hash();

        assertThatThrownBy(() -> put("shop", "application: shop\nx: 1\ny: 2"))
                .isInstanceOfSatisfying(Problem.class, problem -> {
                    assertThat(problem.status()).isEqualTo(422);
                    assertThat(problem.detail()).isEqualTo("The manifest has 2 faults.");
                });
        assertThat(manifests.current("shop").orElseThrow().hash()).isEqualTo(hash);
    }

    @Test
    void shouldNotOverwriteWhatSomebodyElseChangedMeanwhile() {
        String first = put("shop", yaml("shop", "orders")).hash();
        put("shop", yaml("shop", "payments"));

        assertThatThrownBy(() -> manifests.put(
                        "shop", yaml("shop", "mine").getBytes(StandardCharsets.UTF_8), "ada", Optional.of(first)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(412));
    }

    @Test
    void shouldUndoEverythingWhenAListenerCannotFollow() {
        Manifests<Shop> deaf = manifests((tx, manifest) -> {
            tx.execute("create table trace (x int)");
            throw new IllegalStateException("cannot");
        });

        assertThatThrownBy(() -> deaf.put(
                        "shop", yaml("shop", "orders").getBytes(StandardCharsets.UTF_8), "ada", Optional.empty()))
                .isInstanceOf(IllegalStateException.class);

        assertThat(manifests.current("shop")).isEmpty();
        assertThat(jdbi.<Integer, RuntimeException>withHandle(
                        handle -> handle.createQuery("select count(*) from manifest")
                                .mapTo(Integer.class)
                                .one()))
                .isZero();
    }

    @Test
    void shouldTellOneChangeOnceHoweverManySendItAtATime() throws Exception {
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(() -> put("shop", yaml("shop", "orders")).changed());
            }
            int changed = 0;
            for (Future<Boolean> call : senders.invokeAll(calls)) {
                changed += call.get() ? 1 : 0;
            }
            assertThat(changed).isEqualTo(1);
        }
        assertThat(heard).hasSize(1);
    }

    @Test
    void shouldGoOnWithoutAManifestThatANewerReaderRefuses() {
        put("shop", yaml("shop", "orders"));
        put("store", "application: store");
        Manifests<Object> stricter = new Manifests<>(
                jdbi,
                clock,
                new ManifestCheckTest.RootReader(root -> root.list("databases", node -> node.name("name"))),
                References.of(Map.of()),
                List.of());

        assertThat(stricter.all()).isEmpty();
        assertThat(manifests.all()).extracting(StoredManifest::application).containsExactly("shop", "store");
        assertThatThrownBy(() -> stricter.current("store"))
                .isInstanceOf(UnreadableManifest.class)
                .hasMessageContaining("databases: is missing");
    }

    @Test
    void shouldReadWhatItKeptAlsoWhenAReferenceLostItsValue() {
        put("shop", yaml("shop", "orders"));
        Manifests<Shop> restarted = new Manifests<>(jdbi, clock, new ShopReader(), References.of(Map.of()), List.of());

        assertThat(restarted.current("shop")).isPresent();
    }

    private Manifests<Shop> manifests(ManifestListener<Shop> listener) {
        return new Manifests<>(
                jdbi, clock, new ShopReader(), References.of(Map.of("SLIPWAY_REF_PW", "s3cret")), List.of(listener));
    }

    private Manifests.Accepted put(String application, String yaml) {
        return manifests.put(application, yaml.getBytes(StandardCharsets.UTF_8), "ada", Optional.empty());
    }

    private static String yaml(String application, String database) {
        return """
                application: %s
                databases:
                  - {name: %s, password: "${env:SLIPWAY_REF_PW}"}
                """.formatted(application, database);
    }
}
