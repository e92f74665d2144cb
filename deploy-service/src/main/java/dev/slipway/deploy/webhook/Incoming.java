package dev.slipway.deploy.webhook;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A delivery as it came in, nothing of it proved yet.
///
/// @param delivery the sender's id for it; a redelivery has the same
/// @param event the sender's word for what happened
/// @param body the bytes that were signed
record Incoming(String application, String delivery, String event, String signature, byte[] body) {
    private static final int LONGEST = 200;

    Incoming {
        application = clean(application);
        delivery = clean(delivery);
        event = clean(event);
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
        String shown = text.replaceAll("\\p{Cntrl}", "?");
        return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "…";
    }
}
