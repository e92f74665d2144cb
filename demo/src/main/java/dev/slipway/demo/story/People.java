package dev.slipway.demo.story;

import dev.slipway.suite.AccessToken;
import java.util.List;

/// Who acts in the story, each with a token of their own.
///
/// @param operator looks after Slipway: gives it manifests, tells it what runs
/// @param observer only looks; everything the story reads is read with this token
/// @param requester started the CI runs; may approve as technical lead, but not what she asked for herself
public record People(
        AccessToken operator,
        AccessToken observer,
        AccessToken requester,
        AccessToken technicalLead,
        AccessToken business) {
    /// The login at GitHub by which the CI run names its requester.
    public static final String REQUESTER_LOGIN = "ada-brook";

    static People introduce() {
        return new People(
                AccessToken.issue("olga-laptop", "admin").withPerson("Olga"),
                AccessToken.issue("story", "viewer").withPerson("the story"),
                AccessToken.issue("ada-laptop", "operator", "approver:technical-lead")
                        .withPerson("Ada", "github:" + REQUESTER_LOGIN),
                AccessToken.issue("tomas-laptop", "approver:technical-lead").withPerson("Tomas"),
                AccessToken.issue("berta-laptop", "approver:business").withPerson("Berta"));
    }

    List<AccessToken> all() {
        return List.of(operator, observer, requester, technicalLead, business);
    }
}
