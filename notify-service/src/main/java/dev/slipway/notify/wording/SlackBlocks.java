package dev.slipway.notify.wording;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.notify.wording.Facts.Line;
import dev.slipway.notify.wording.Templates.Words;
import java.util.List;

/// A Slack message: `text` for notifications and old clients, `blocks` for the rest. Slack refuses a message whole when
/// one limit of Block Kit is passed, so what is too long is cut, visibly.
final class SlackBlocks {
    static final int LONGEST_HEADER = 150;
    static final int LONGEST_SECTION = 3000;
    static final int LONGEST_FIELD = 2000;
    static final int MOST_FIELDS = 10;
    static final int MOST_BLOCKS = 50;
    /// Slack takes more, but asks for less.
    static final int LONGEST_TEXT = 4000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String CUT = "… _(shortened)_";
    private static final String MRKDWN = "mrkdwn";

    private SlackBlocks() {}

    static Content.Slack of(Words words, List<Line> lines, String footer) {
        ArrayNode blocks = JSON.arrayNode();
        blocks.add(block(
                "header",
                text("plain_text", Text.shorten(words.title(), LONGEST_HEADER)).put("emoji", true)));
        blocks.add(section(words.body()));
        if (!words.next().isEmpty()) {
            blocks.add(section("*What happens next*\n• " + String.join("\n• ", words.next())));
        }
        addFields(blocks, lines);
        blocks.add(context(Templates.escapeSlack(footer)));
        ObjectNode payload = JSON.objectNode();
        payload.put("text", cut(Templates.escapeSlack(words.title()) + "\n" + words.body(), LONGEST_TEXT));
        payload.set("blocks", blocks);
        return new Content.Slack(words.title(), payload);
    }

    private static void addFields(ArrayNode blocks, List<Line> lines) {
        int room = MOST_BLOCKS - blocks.size() - 2;
        int shown = Math.min(lines.size(), room * MOST_FIELDS);
        for (int from = 0; from < shown; from += MOST_FIELDS) {
            ArrayNode fields = JSON.arrayNode();
            for (Line line : lines.subList(from, Math.min(from + MOST_FIELDS, shown))) {
                String field = "*" + Templates.escapeSlack(line.label()) + "*\n" + Templates.escapeSlack(line.value());
                fields.add(text(MRKDWN, cut(field, LONGEST_FIELD)));
            }
            ObjectNode section = JSON.objectNode().put("type", "section");
            section.set("fields", fields);
            blocks.add(section);
        }
        if (shown < lines.size()) {
            blocks.add(context("… and %d more lines that do not fit here".formatted(lines.size() - shown)));
        }
    }

    private static ObjectNode section(String mrkdwn) {
        return block("section", text(MRKDWN, cut(mrkdwn, LONGEST_SECTION)));
    }

    private static ObjectNode context(String mrkdwn) {
        ObjectNode context = JSON.objectNode().put("type", "context");
        context.putArray("elements").add(text(MRKDWN, cut(mrkdwn, LONGEST_FIELD)));
        return context;
    }

    private static ObjectNode block(String type, ObjectNode text) {
        ObjectNode block = JSON.objectNode().put("type", type);
        block.set("text", text);
        return block;
    }

    private static ObjectNode text(String type, String text) {
        return JSON.objectNode().put("type", type).put("text", text);
    }

    /// Cuts escaped text, never inside an entity such as `&amp;`.
    private static String cut(String escaped, int limit) {
        if (escaped.length() <= limit) {
            return escaped;
        }
        String kept = Text.shorten(escaped, limit - CUT.length(), "");
        int entity = kept.lastIndexOf('&');
        boolean open = entity >= 0 && kept.indexOf(';', entity) < 0 && kept.length() - entity < "&quot;".length();
        return (open ? kept.substring(0, entity) : kept) + CUT;
    }
}
