package dev.slipway.demo.topics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.CandidateAccepted;
import dev.slipway.events.Catalogue;
import dev.slipway.events.EnvironmentId;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.events.NoticeDelivered;
import dev.slipway.events.PipelineRun;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseQueued;
import dev.slipway.events.ReleaseRef;
import dev.slipway.events.ReleaseStarted;
import dev.slipway.events.ServiceChange;
import dev.slipway.events.ServiceUpgraded;
import dev.slipway.events.StepFinished;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventBookTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final PipelineRun RUN = new PipelineRun("shop/staging", "http://slipway/r", null, null);

    private final UUID chain = UUID.randomUUID();
    private final UUID release = UUID.randomUUID();
    private final UUID deploy = UUID.randomUUID();
    private final UUID smoke = UUID.randomUUID();
    private final List<Heard> heard = new ArrayList<>();

    @Test
    void shouldFindNothingWrongWithAWholeStory() {
        wholeStory();

        var book = new EventBook(heard);

        assertThat(book.faults()).isEmpty();
        assertThat(book.chains()).containsExactly(chain);
    }

    @Test
    void shouldCountWhatCameAgainAndWriteItOnce(@TempDir Path folder) throws Exception {
        wholeStory();
        heard.add(heard.get(1));

        var book = new EventBook(heard);
        book.write(folder.resolve("events.jsonl"));

        assertThat(book.repeated()).isEqualTo(1);
        assertThat(book.faults()).isEmpty();
        List<String> lines = Files.readAllLines(folder.resolve("events.jsonl"));
        assertThat(lines).hasSize(heard.size() - 1);
        assertThat(lines.getFirst()).contains("candidate.accepted");
        assertThat(EventCodec.read(lines.getLast().getBytes(StandardCharsets.UTF_8)))
                .hasValueSatisfying(event -> assertThat(event.data()).isInstanceOf(NoticeDelivered.class));
    }

    @Test
    void shouldMissTheCandidateOfAChain() {
        wholeStory();
        heard.removeFirst();

        assertThat(new EventBook(heard).faults())
                .hasSize(heard.size())
                .allMatch(fault -> fault.contains("no candidate"));
    }

    @Test
    void shouldNoticeStepsInAnotherOrderThanPlanned() {
        accepted();
        queued();
        started();
        step(smoke);
        step(deploy);
        upgraded();
        finished();
        told();

        assertThat(new EventBook(heard).faults()).singleElement().asString().contains("another order than planned");
    }

    @Test
    void shouldNoticeAReleaseThatIsCompletedWithoutAllItsSteps() {
        accepted();
        queued();
        started();
        step(deploy);
        upgraded();
        finished();
        told();

        assertThat(new EventBook(heard).faults()).singleElement().asString().contains("1 of 2 steps");
    }

    @Test
    void shouldNoticeAReleaseThatNeverEndsOrEndsTwice() {
        accepted();
        queued();
        assertThat(new EventBook(heard).faults()).anyMatch(fault -> fault.contains("does not end exactly once"));

        started();
        step(deploy);
        step(smoke);
        upgraded();
        finished();
        finished();
        assertThat(new EventBook(heard).faults()).anyMatch(fault -> fault.contains("does not end exactly once"));
    }

    @Test
    void shouldMissTheNoticeOfAnEnd() {
        wholeStory();
        heard.removeLast();

        assertThat(new EventBook(heard).faults())
                .singleElement()
                .asString()
                .contains("no notice of release-completed was delivered");
    }

    @Test
    void shouldHoldHeadersTopicAndSourceAgainstTheCatalogue() {
        accepted();
        Heard right = heard.removeFirst();

        heard.add(new Heard("slipway.watch", 0, 0, right.key(), right.headers(), right.value()));
        assertThat(new EventBook(heard).faults()).anyMatch(fault -> fault.contains("belongs on slipway.releases"));

        heard.set(0, new Heard(right.topic(), 0, 0, right.key(), Map.of("ce_id", "other"), right.value()));
        assertThat(new EventBook(heard).faults()).anyMatch(fault -> fault.contains("header ce_id is 'other'"));

        byte[] more = new String(right.value(), StandardCharsets.UTF_8)
                .replace("\"branch\"", "\"extra\":1,\"branch\"")
                .getBytes(StandardCharsets.UTF_8);
        heard.set(0, new Heard(right.topic(), 0, 0, right.key(), right.headers(), more));
        assertThat(new EventBook(heard).faults()).anyMatch(fault -> fault.contains("not written as the catalogue"));

        heard.set(0, new Heard(right.topic(), 0, 0, right.key(), right.headers(), new byte[] {'{'}));
        assertThat(new EventBook(heard).faults()).anyMatch(fault -> fault.contains("not JSON"));
    }

    private void wholeStory() {
        accepted();
        queued();
        started();
        step(deploy);
        step(smoke);
        upgraded();
        finished();
        told();
    }

    private void accepted() {
        say(
                chain.toString(),
                new CandidateAccepted(chain, "shop", "c2", "main", "pkg:generic/shop@c2", "ada", null, null));
    }

    private void queued() {
        say(release.toString(), new ReleaseQueued(RUN, new ReleaseQueued.Facts(ref())));
    }

    private void started() {
        List<ReleaseStarted.PlannedStep> steps = List.of(
                new ReleaseStarted.PlannedStep(deploy, "deploy", "deploy"),
                new ReleaseStarted.PlannedStep(smoke, "smoke", "smoke"));
        say(release.toString(), new ReleaseStarted(RUN, new ReleaseStarted.Facts(ref(), steps)));
    }

    private void step(UUID step) {
        say(release.toString(), new StepFinished(ref(), step, "a step", "deploy", "done", "seen", START, START));
    }

    private void upgraded() {
        var change = new ServiceChange(new EnvironmentId("shop/staging"), "pkg:generic/shop@c2");
        say(release.toString(), new ServiceUpgraded(change, new ServiceChange.Facts(ref(), "default")));
    }

    private void finished() {
        var facts = new ReleaseFinished.Facts(ref(), "completed", "all done", START, START, null, "c2");
        say(release.toString(), new ReleaseFinished(RUN, facts));
    }

    private void told() {
        say(release.toString(), new NoticeDelivered(null, release, "shop", "release-completed", List.of()));
    }

    private ReleaseRef ref() {
        return new ReleaseRef(
                release, "shop", "shop/staging", 2, "normal", "c2", "c2", "pkg:generic/shop@c2", "sha256:00");
    }

    private void say(String key, EventData data) {
        Catalogue.Entry entry = Catalogue.of(data.getClass());
        Event<EventData> event = new Event<>(
                UUID.randomUUID(), "/slipway/" + entry.producer(), key, START.plusSeconds(heard.size()), chain, data);
        byte[] value = EventCodec.toJson(event).toString().getBytes(StandardCharsets.UTF_8);
        heard.add(new Heard(entry.topic(), 0, heard.size(), key, EventCodec.headers(event), value));
    }
}
