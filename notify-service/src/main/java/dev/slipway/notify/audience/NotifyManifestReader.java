package dev.slipway.notify.audience;

import dev.slipway.events.Catalogue;
import dev.slipway.manifest.Faults;
import dev.slipway.manifest.ManifestNode;
import dev.slipway.manifest.ManifestReader;
import dev.slipway.manifest.References;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the sections `audiences` and `notices`:
///
/// ```yaml
/// audiences:
///   - name: team
///     email: [team@shop.example]
///     slack: ["${env:SLIPWAY_REF_SLACK}"]   # incoming webhooks; their URLs are secrets
///     environments: [production]            # optional: hears of these only
/// notices:                                  # situation: audiences
///   release-rolled-back: [team]
/// ```
@Singleton
final class NotifyManifestReader implements ManifestReader<NotifyManifest> {
    @Override
    public String service() {
        return Catalogue.NOTIFY;
    }

    @Override
    public NotifyManifest read(ManifestNode root, Faults faults) {
        Set<String> environments = root.namesIn("environments");
        List<Audience> audiences = root.optionalNamed("audiences", node -> audience(node, environments));
        Set<String> names = root.namesIn("audiences");
        Map<Situation, List<String>> notices =
                root.optionalObject("notices", node -> notices(node, names)).orElse(Map.of());
        return new NotifyManifest(audiences, notices);
    }

    private static Audience audience(ManifestNode node, Set<String> environments) {
        Audience audience = new Audience(
                node.name("name"),
                node.optionalList("email", NotifyManifestReader::email),
                node.optionalList("slack", ManifestNode::asSecret),
                new LinkedHashSet<>(
                        node.optionalList("environments", item -> known(item, environments, "environment"))));
        if (!node.has("email") && !node.has("slack")) {
            node.fault("reaches nobody: give it email or slack");
        }
        return audience;
    }

    /// What stands behind a reference is checked when it is used.
    private static String email(ManifestNode node) {
        String text = node.asText();
        return References.isIn(text) ? text : EmailAddress.parse(text).value();
    }

    private static Map<Situation, List<String>> notices(ManifestNode node, Set<String> audiences) {
        Map<Situation, List<String>> notices = new EnumMap<>(Situation.class);
        for (String label : node.keys()) {
            Optional<Situation> situation = Situation.of(label);
            if (situation.isEmpty()) {
                node.fault(label, "is no situation; there are " + Situation.labels());
                continue;
            }
            notices.put(situation.get(), node.optionalList(label, item -> known(item, audiences, "audience")));
        }
        return notices;
    }

    private static String known(ManifestNode node, Set<String> names, String what) {
        String name = node.asText();
        if (!names.contains(name)) {
            node.fault("there is no %s '%s'".formatted(what, name));
        }
        return name;
    }
}
