package dev.slipway.notify.notice;

import dev.slipway.eventing.TemporaryFailure;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.References;
import dev.slipway.manifest.StoredManifest;
import dev.slipway.manifest.UnresolvedReference;
import dev.slipway.notify.audience.Address;
import dev.slipway.notify.audience.Audience;
import dev.slipway.notify.audience.ChannelName;
import dev.slipway.notify.audience.NotifyManifest;
import dev.slipway.notify.occasion.Occasion;
import dev.slipway.notify.occasion.Occasion.Subject;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// First stage: who hears of an occasion, at which addresses.
@Singleton
final class Route {
    private final Manifests<NotifyManifest> manifests;
    private final References references;

    Route(Manifests<NotifyManifest> manifests, References references) {
        this.manifests = manifests;
        this.references = references;
    }

    /// An address in several audiences hears once, as part of the first of them.
    ///
    /// @throws TemporaryFailure while the manifest the release was made with is not known here
    List<Recipient> of(Handle tx, Occasion occasion) {
        Set<String> seen = new HashSet<>();
        return manifest(tx, occasion.about())
                .audiencesOf(occasion.situation(), occasion.about().place())
                .stream()
                .flatMap(this::recipients)
                .filter(recipient -> seen.add(recipient.channel() + recipient.hash()))
                .toList();
    }

    private NotifyManifest manifest(Handle tx, Subject about) {
        Optional<StoredManifest<NotifyManifest>> manifest = about.manifest() == null
                ? manifests.current(tx, about.application())
                : manifests.byHash(tx, about.application(), about.manifest());
        return manifest.map(StoredManifest::sections)
                .orElseThrow(() -> new TemporaryFailure("the manifest %s of %s is not known here"
                        .formatted(about.manifest() == null ? "" : about.manifest(), about.application())));
    }

    private Stream<Recipient> recipients(Audience audience) {
        return Stream.of(ChannelName.values())
                .flatMap(channel -> audience.addresses(channel).stream()
                        .map(address -> recipient(audience.name(), channel, address)));
    }

    /// What cannot be resolved or read now becomes a recipient all the same: its delivery fails where people see it.
    private Recipient recipient(String audience, ChannelName channel, String text) {
        try {
            Address address = Address.parse(channel, references.resolve(text));
            return new Recipient(audience, channel, text, address.hash(), address.masked());
        } catch (UnresolvedReference | IllegalArgumentException _) {
            String shown = References.isIn(text) ? text : "(no address)";
            return new Recipient(audience, channel, text, Address.hash(text), shown);
        }
    }
}
