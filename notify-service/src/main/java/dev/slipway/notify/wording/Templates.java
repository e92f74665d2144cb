package dev.slipway.notify.wording;

import dev.slipway.notify.audience.ChannelName;
import dev.slipway.notify.audience.Situation;
import io.quarkus.qute.Engine;
import io.quarkus.qute.Expression;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.ResultMapper;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateNode.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The Qute templates: one file per channel and situation, `templates/<channel>/<situation>.txt`, with the fragments
/// `title`, `body` and, where something comes next, `next` (one step per line). All of them are parsed when the service
/// starts; the build checks every expression in them against [Facts].
final class Templates {
    private static final String TITLE = "title";

    private final Map<String, Template> plain = new HashMap<>();
    private final Map<String, Template> escaped = new HashMap<>();
    private final Template emailText;
    private final Template emailHtml;

    Templates() {
        Engine text = engine(UnaryOperator.identity());
        Engine html = engine(Templates::escapeHtml);
        Engine slack = engine(Templates::escapeSlack);
        for (Situation situation : Situation.values()) {
            String email = path(ChannelName.EMAIL, situation);
            plain.put(email, parse(text, email));
            String post = path(ChannelName.SLACK, situation);
            plain.put(post, parse(text, post));
            escaped.put(post, parse(slack, post));
        }
        emailText = parse(text, "templates/email/layout.txt");
        emailHtml = parse(html, "templates/email/layout.html");
    }

    /// One situation in the words of one channel.
    ///
    /// @param title one line, not escaped: a subject, a header of plain text
    /// @param body escaped as the channel needs it
    /// @param next escaped as the channel needs it
    record Words(String title, String body, List<String> next) {}

    Words words(ChannelName channel, Situation situation, Facts facts) {
        String path = path(channel, situation);
        Template title = plain.get(path);
        Template body = switch (channel) {
            case EMAIL -> title;
            case SLACK -> escaped.get(path);
        };
        return new Words(
                Text.oneLine(render(title, TITLE, facts)),
                render(body, "body", facts),
                render(body, "next", facts)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .toList());
    }

    String emailText(EmailPage page) {
        return close(emailText.data("page", page).render()) + "\n";
    }

    String emailHtml(EmailPage page) {
        return close(emailHtml.data("page", page).render()) + "\n";
    }

    /// Slack reads `<…>` as links and mentions and `&…;` as entities; nobody's commit message may call a channel.
    static String escapeSlack(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    static String escapeHtml(String text) {
        return escapeSlack(text).replace("\"", "&quot;").replace("'", "&#39;");
    }

    private static String render(Template template, String fragment, Facts facts) {
        Template part = template.getFragment(fragment);
        return part == null ? "" : tidy(part.data("facts", facts).render());
    }

    private static String tidy(String text) {
        return close(text.replaceAll("[ \t]+\n", "\n"));
    }

    /// At most one empty line between paragraphs, whichever of them were left out.
    private static String close(String text) {
        return text.replaceAll("\n{3,}", "\n\n").strip();
    }

    private static String path(ChannelName channel, Situation situation) {
        return "templates/%s/%s.txt".formatted(channel.label(), situation.label());
    }

    private static Engine engine(UnaryOperator<String> escape) {
        return Engine.builder()
                .addDefaults()
                .addValueResolver(new ReflectionValueResolver())
                .strictRendering(true)
                .addResultMapper(new ResultMapper() {
                    @Override
                    public boolean appliesTo(Origin origin, Object result) {
                        return true;
                    }

                    @Override
                    public String map(Object result, Expression expression) {
                        return escape.apply(result.toString());
                    }
                })
                .build();
    }

    private static Template parse(Engine engine, String path) {
        try (InputStream file = Templates.class.getClassLoader().getResourceAsStream(path)) {
            if (file == null) {
                throw new IllegalStateException("there is no template " + path);
            }
            return engine.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8), null, path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
