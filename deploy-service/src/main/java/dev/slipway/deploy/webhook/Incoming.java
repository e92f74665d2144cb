package dev.slipway.deploy.webhook;

import dev.slipway.web.Problem;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A delivery as it came in, nothing of it proved yet.
///
/// @param delivery the sender's id for it; a redelivery has the same
/// @param event the sender's word for what happened
/// @param signature as given, null when there was none
/// @param body the bytes that were signed
/// @param at when it was there
/// @param from the sender's address
/// @param agent what the sender says of its program
/// @param traceparent the trace its request belongs to; absent when nobody traces
record Incoming(
        String application,
        String delivery,
        String event,
        @Nullable String signature,
        byte[] body,
        Instant at,
        String from,
        @Nullable String agent,
        @Nullable String traceparent) {
    private static final int LONGEST = 200;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");

    Incoming {
        application = clean(application);
    }

    /// What a sender calls a delivery or an event: visible ASCII, not too long to be stored, logged and
    /// shown. What is longer is not cut off: two ids could become one.
    ///
    /// @throws Problem 400 that names the header
    static String name(String header, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw Problem.badRequest("The header %s is missing.".formatted(header));
        }
        if (value.length() > LONGEST) {
            throw Problem.badRequest(
                    "The header %s has %d characters, more than %d.".formatted(header, value.length(), LONGEST));
        }
        if (!value.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw Problem.badRequest("The header %s holds something else than visible ASCII.".formatted(header));
        }
        return value;
    }

    String bodyHash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Foreign text as it may be stored, logged and shown.
    static String clean(String text) {
        String shown = CONTROL.matcher(text).replaceAll("?");
        return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "…";
    }
}
