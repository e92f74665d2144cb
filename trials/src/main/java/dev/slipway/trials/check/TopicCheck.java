package dev.slipway.trials.check;

import java.util.HashMap;
import java.util.Map;

/// Every event has one content, however often it lies on the topics.
final class TopicCheck {
    private TopicCheck() {}

    static void check(Evidence evidence, Findings findings) {
        Map<String, TopicRecord> first = new HashMap<>();
        for (TopicRecord record : evidence.records()) {
            TopicRecord before = first.putIfAbsent(record.event(), record);
            if (before != null && !before.content().equals(record.content())) {
                findings.difference(
                        "event %s has one content at %s and another one at %s",
                        record.event(), before.place(), record.place());
            }
        }
        long again = evidence.records().size() - first.size();
        findings.count("events on the topics", first.size());
        findings.count("records sent again by chaos", evidence.resent().size());
        findings.count(
                "records sent again by relays",
                Math.max(0, again - evidence.resent().size()));
    }
}
