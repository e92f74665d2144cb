package dev.slipway.notify.audience;

import java.util.List;
import java.util.Set;

/// People who hear of the same things.
///
/// @param email addresses, as the manifest has them: literal or as a reference (`${env:NAME}`)
/// @param slack references to incoming webhooks; their URLs are secrets and stand in no manifest
/// @param environments short names of the environments they hear of; empty for all
public record Audience(String name, List<String> email, List<String> slack, Set<String> environments) {
    public Audience {
        email = List.copyOf(email);
        slack = List.copyOf(slack);
        environments = Set.copyOf(environments);
    }

    public List<String> addresses(ChannelName channel) {
        return switch (channel) {
            case EMAIL -> email;
            case SLACK -> slack;
        };
    }

    /// Whether they hear of an environment. @param environment short name, empty when it is about none
    boolean hearsOf(String environment) {
        return environment.isEmpty() || environments.isEmpty() || environments.contains(environment);
    }
}
