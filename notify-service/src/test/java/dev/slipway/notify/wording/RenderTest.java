package dev.slipway.notify.wording;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.notify.audience.ChannelName;
import dev.slipway.notify.audience.Situation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RenderTest {
    private static final Facts RICH = Facts.about("shop")
            .about("production", "shop v7", "9f8e7d6c5b4a")
            .because("20 % of the requests fail")
            .standing("Blue serves all traffic.")
            .serving("4b5a69788796")
            .by("the watch")
            .next(List.of("traffic back to blue", "maintenance off"))
            .with("Downtime", "4 s");
    private static final Facts BARE = Facts.about("shop").about("production", "shop v7", "9f8e7d6c5b4a");

    private final Render render = new Render();

    static Stream<Arguments> everyTemplate() {
        return Stream.of(Situation.values())
                .flatMap(situation -> Stream.of(ChannelName.values())
                        .flatMap(channel -> Stream.of(RICH, BARE, Facts.about("shop"))
                                .map(facts -> Arguments.of(situation, channel, facts))));
    }

    @ParameterizedTest(name = "{0} by {1}")
    @MethodSource("everyTemplate")
    void shouldRenderEveryTemplateWithWhateverIsKnown(Situation situation, ChannelName channel, Facts facts) {
        Content content = render.message(channel, situation, facts, "team");

        assertThat(content.subject()).contains("shop").doesNotContain("\n").hasSizeLessThanOrEqualTo(200);
        assertThat(whole(content))
                .contains("audience 'team' of shop")
                .doesNotContain("{", "}", "NOT_FOUND", "null", "\n\n\n");
    }

    @ParameterizedTest
    @EnumSource(ChannelName.class)
    void shouldNameReasonStateAndNextStepsInARollbackNotice(ChannelName channel) {
        Facts facts =
                BARE.because("errors rose to 20 %").serving("4b5a69788796").next(List.of("traffic back to blue"));

        for (Situation situation : List.of(Situation.RELEASE_ROLLING_BACK, Situation.RELEASE_ROLLED_BACK)) {
            assertThat(whole(render.message(channel, situation, facts, "team")))
                    .contains("errors rose to 20 %")
                    .contains("4b5a69788796")
                    .contains("What happens next")
                    .contains("traffic back to blue");
        }
    }

    @Test
    void shouldWriteAnEmailThatReadsWell() {
        Content.Email email = email(
                Situation.RELEASE_ROLLED_BACK,
                BARE.because("20 % of the requests fail")
                        .serving("4b5a69788796")
                        .with("Environment", "production")
                        .with("Downtime", "4 s"));

        assertThat(email.subject()).isEqualTo("shop v7 was rolled back in production");
        assertThat(email.text()).isEqualTo("""
                The release of shop v7 to production was undone.

                Why: 20 % of the requests fail

                Where things stand: version 4b5a69788796 serves production again.

                What happens next
                - There is nothing users need to do: the earlier version is back in service.
                - The team looks for the cause.
                - A corrected build comes as a new release.

                Environment: production
                Downtime: 4 s

                --\s
                Sent by Slipway to the audience 'team' of shop.
                """);
    }

    @Test
    void shouldKeepAnyUnicode() {
        Facts facts = BARE.because("Größe 規格 👩‍🚀 العربية");

        assertThat(email(Situation.RELEASE_FAILED, facts).text()).contains("Größe 規格 👩‍🚀 العربية");
        assertThat(email(Situation.RELEASE_FAILED, facts).html()).contains("Größe 規格 👩‍🚀 العربية");
        assertThat(slack(Situation.RELEASE_FAILED, facts).toString()).contains("Größe 規格 👩‍🚀 العربية");
    }

    @Test
    void shouldLetNobodysTextBecomeMarkup() {
        Facts facts = BARE.because("<!channel> <script>alert('&')</script>").with("Branch", "<b>main</b>");

        assertThat(email(Situation.RELEASE_FAILED, facts).html())
                .contains("&lt;script&gt;alert(&#39;&amp;&#39;)", "&lt;b&gt;main")
                .doesNotContain("<script>", "<b>");
        assertThat(email(Situation.RELEASE_FAILED, facts).text()).contains("<script>alert('&')</script>");
        assertThat(slack(Situation.RELEASE_FAILED, facts).toString())
                .contains("&lt;!channel&gt;", "&lt;b&gt;main")
                .doesNotContain("<!channel>", "<b>");
    }

    @Test
    void shouldKeepASubjectOnOneLineWhateverTheFactsHold() {
        Facts facts = Facts.about("shop").about("production", "shop\r\nBcc: all@shop.example", "1");

        assertThat(email(Situation.RELEASE_STARTED, facts).subject())
                .isEqualTo("shop Bcc: all@shop.example: the release to production has started");
    }

    @Test
    void shouldCutWhatSlackWouldRefuseAndShowIt() {
        Facts facts = Facts.about("shop")
                .about("p".repeat(200), "shop v7", "1")
                .because("&".repeat(5000))
                .with("Log", "x".repeat(5000));
        for (int i = 0; i < 600; i++) {
            facts = facts.with("Line " + i, "value");
        }

        JsonNode payload = slack(Situation.RELEASE_FAILED, facts);

        JsonNode blocks = payload.get("blocks");
        assertThat(blocks).hasSizeLessThanOrEqualTo(50);
        assertThat(blocks.get(0).at("/text/text").textValue())
                .hasSizeLessThanOrEqualTo(150)
                .endsWith("…");
        assertThat(blocks.get(1).at("/text/text").textValue())
                .hasSizeLessThanOrEqualTo(3000)
                .endsWith("&amp;… _(shortened)_");
        assertThat(payload.get("text").textValue())
                .hasSizeLessThanOrEqualTo(4000)
                .endsWith("… _(shortened)_");
        assertThat(payload.findValues("fields"))
                .allSatisfy(fields -> assertThat(fields).hasSizeLessThanOrEqualTo(10));
        assertThat(payload.findValues("fields").getFirst().get(0).get("text").textValue())
                .hasSizeLessThanOrEqualTo(2000)
                .endsWith("… _(shortened)_");
        assertThat(blocks.toString()).contains("more lines that do not fit here");
    }

    private Content.Email email(Situation situation, Facts facts) {
        return (Content.Email) render.message(ChannelName.EMAIL, situation, facts, "team");
    }

    private JsonNode slack(Situation situation, Facts facts) {
        return ((Content.Slack) render.message(ChannelName.SLACK, situation, facts, "team")).payload();
    }

    /// Everything people see, without the notation around it.
    private static String whole(Content content) {
        return switch (content) {
            case Content.Email email ->
                email.text() + email.html().replaceAll("(?s)<[^>]*>|\\s+", " ").replace("&#39;", "'");
            case Content.Slack slack -> String.join("\n", texts(slack.payload()));
        };
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        node.properties().forEach(property -> {
            if (property.getValue().isTextual() && property.getKey().equals("text")) {
                texts.add(property.getValue().textValue());
            }
        });
        node.forEach(child -> texts.addAll(texts(child)));
        return texts;
    }
}
