package dev.slipway.notify.audience;

import java.util.List;
import java.util.Map;

/// The sections of a manifest this service reads: who there is, and who hears of what.
///
/// @param audiences in the manifest's order
/// @param notices names of audiences per situation; a situation that is missing is told to nobody
public record NotifyManifest(List<Audience> audiences, Map<Situation, List<String>> notices) {
    public NotifyManifest {
        audiences = List.copyOf(audiences);
        notices = Map.copyOf(notices);
    }

    /// Who hears of a situation, in the order the manifest names them.
    ///
    /// @param environment short name, empty when the situation is about no environment
    public List<Audience> audiencesOf(Situation situation, String environment) {
        return notices.getOrDefault(situation, List.of()).stream()
                .flatMap(name ->
                        audiences.stream().filter(audience -> audience.name().equals(name)))
                .filter(audience -> audience.hearsOf(environment))
                .toList();
    }
}
