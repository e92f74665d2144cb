package dev.slipway.notify.wording;

import java.util.Arrays;
import java.util.List;

/// What the layouts of an e-mail (plain text and HTML) see.
///
/// @param title the subject
/// @param body plain text, paragraphs apart by an empty line
/// @param footer why the receiver gets this
record EmailPage(String title, String body, List<String> next, List<Facts.Line> lines, String footer) {
    public List<String> paragraphs() {
        return Arrays.asList(body.split("\n\n"));
    }
}
