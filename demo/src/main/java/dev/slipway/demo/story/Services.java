package dev.slipway.demo.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.ci.Delivery;
import dev.slipway.events.Catalogue;
import dev.slipway.events.EventCodec;
import dev.slipway.suite.AccessToken;
import dev.slipway.suite.Suite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The four services as their users see them: REST and nothing else. One that is away for the moment is an
/// [UncheckedIOException], which whoever waits for something takes for "not yet".
public final class Services {
    static final String SHOP = "shop";

    private final Suite suite;
    private final People people;
    private final Http http = new Http();

    Services(Suite suite, People people) {
        this.suite = suite;
        this.people = people;
    }

    Http.Answer deliver(Delivery delivery) {
        return http.send(delivery.to(url(Catalogue.DEPLOY, "/api/v1/webhooks/github/" + SHOP)));
    }

    List<JsonNode> deliveries() {
        return items(url(Catalogue.DEPLOY, "/api/v1/webhooks/deliveries?limit=100"));
    }

    Optional<JsonNode> delivery(UUID id, String verdict) {
        return deliveries().stream()
                .filter(each -> each.path("deliveryId").asText().equals(id.toString()))
                .filter(each -> each.path("verdict").asText().equals(verdict))
                .findFirst();
    }

    /// Tells deploy-service what runs in an environment before its first release there.
    Http.Answer adopt(String environment, String commit, String target) {
        ObjectNode body = EventCodec.json()
                .createObjectNode()
                .put("version", commit)
                .put("commit", commit)
                .put("artifact", "pkg:generic/shop@" + commit)
                .put("target", target);
        URI current =
                url(Catalogue.DEPLOY, "/api/v1/applications/%s/environments/%s/current".formatted(SHOP, environment));
        return http.put(current, body, people.operator());
    }

    /// The releases of a commit, the newest first.
    List<ReleaseView> releases(String environment, String commit) {
        URI list = url(
                Catalogue.DEPLOY,
                "/api/v1/releases?application=%s&environment=%s&limit=100".formatted(SHOP, environment));
        return items(list).stream()
                .map(ReleaseView::of)
                .filter(release -> release.version().equals(commit))
                .toList();
    }

    ReleaseView release(UUID id) {
        return ReleaseView.of(read(url(Catalogue.DEPLOY, "/api/v1/releases/" + id)));
    }

    JsonNode report(UUID release) {
        return read(url(Catalogue.DEPLOY, "/api/v1/releases/" + release + "/report"));
    }

    Http.Answer approve(UUID release, String role, AccessToken by) {
        ObjectNode body = EventCodec.json().createObjectNode().put("role", role).put("note", "looked at it");
        return http.post(url(Catalogue.DEPLOY, "/api/v1/releases/" + release + "/approvals"), body, by);
    }

    List<JsonNode> backups() {
        return items(url(Catalogue.BACKUP, "/api/v1/backups?application=" + SHOP));
    }

    JsonNode backup(String id) {
        return read(url(Catalogue.BACKUP, "/api/v1/backups/" + id));
    }

    /// @return nothing while monitor-service does not watch the release
    Optional<JsonNode> watch(UUID release) {
        Http.Answer answer = http.get(
                url(Catalogue.MONITOR, "/api/v1/watches/" + release),
                people.observer().secret());
        return answer.ok() ? Optional.of(answer.body()) : Optional.empty();
    }

    List<JsonNode> openIncidents() {
        return items(url(Catalogue.MONITOR, "/api/v1/incidents?state=open&application=" + SHOP));
    }

    List<JsonNode> notices(UUID release) {
        return items(url(Catalogue.NOTIFY, "/api/v1/notices?limit=100&release=" + release));
    }

    /// Status and version (its `ETag`) of the manifest a service holds.
    Http.Answer manifest(String service) {
        return http.get(
                url(service, "/api/v1/applications/%s/manifest".formatted(SHOP)),
                people.observer().secret());
    }

    /// What the edge itself says it does.
    JsonNode edgeState(URI admin, String token) {
        return http.get(admin.resolve("/admin/state"), token).body();
    }

    private List<JsonNode> items(URI list) {
        List<JsonNode> items = new ArrayList<>();
        read(list).path("items").forEach(items::add);
        return items;
    }

    private JsonNode read(URI url) {
        Http.Answer answer = http.get(url, people.observer().secret());
        if (answer.status() >= 500) {
            throw new UncheckedIOException(new IOException("%s answers %s".formatted(url, answer.inWords())));
        }
        if (!answer.ok()) {
            throw new StoryFailure("%s answers %s".formatted(url, answer.inWords()));
        }
        return answer.body();
    }

    private URI url(String service, String path) {
        return suite.url(service).resolve(path);
    }
}
