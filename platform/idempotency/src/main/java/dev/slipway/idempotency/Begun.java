package dev.slipway.idempotency;

import java.util.UUID;

/// What becomes of a request that brought a key.
sealed interface Begun {
    /// It is the first, or the first that lives.
    record First(Claim claim) implements Begun {}

    /// It was answered already.
    record Answered(Answer answer) implements Begun {}

    /// Another request had this key.
    record OtherRequest() implements Begun {}

    /// The same is being worked on.
    record UnderWay() implements Begun {}

    /// It was done, and its answer got lost with the process that did it.
    record AnswerLost() implements Begun {}

    /// A request's hold on its key.
    record Claim(String scope, String key, UUID owner) {}
}
