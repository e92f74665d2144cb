package dev.slipway.demo.topics;

import dev.slipway.events.BackupCancelled;
import dev.slipway.events.BackupCopied;
import dev.slipway.events.BackupDoubted;
import dev.slipway.events.BackupIncomplete;
import dev.slipway.events.BackupMissed;
import dev.slipway.events.BackupOverdue;
import dev.slipway.events.BackupProgressed;
import dev.slipway.events.BackupRecovered;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.BackupStarted;
import dev.slipway.events.BackupVerified;
import dev.slipway.events.CandidateAccepted;
import dev.slipway.events.Event;
import dev.slipway.events.EventData;
import dev.slipway.events.NoticeDelivered;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseQueued;
import dev.slipway.events.RetentionReported;
import dev.slipway.events.ScheduleInactive;
import dev.slipway.events.Topics;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.WatchStepPassed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All events of a walk: each once, in the order of their times, and what is wrong with them.
public final class EventBook {
    private final List<Heard> heard;
    private final List<Heard> records;
    private final int repeated;

    /// @param heard everything on the topics, in the order of topics, partitions and offsets
    public EventBook(List<Heard> heard) {
        this.heard = List.copyOf(heard);
        Map<String, Heard> once = new LinkedHashMap<>();
        heard.forEach(each -> once.putIfAbsent(
                each.headers().get("ce_source") + each.headers().get("ce_id"), each));
        this.records = List.copyOf(once.values());
        this.repeated = heard.size() - records.size();
    }

    /// Without the records that came again.
    public int size() {
        return records.size();
    }

    /// Records that were sent again: a relay that was killed between sending and noting it down sends twice.
    public int repeated() {
        return repeated;
    }

    public Set<UUID> chains() {
        return events().map(Event::chainId).collect(Collectors.toSet());
    }

    /// Every event of one kind in the order of their times.
    public <D extends EventData> List<Event<D>> all(Class<D> type) {
        return events().filter(event -> type.isInstance(event.data()))
                .sorted(Comparator.comparing(Event::time))
                .map(event -> new Event<>(
                        event.id(),
                        event.source(),
                        event.subject(),
                        event.time(),
                        event.chainId(),
                        type.cast(event.data())))
                .toList();
    }

    /// One CDEvent per line, oldest first.
    public void write(Path file) throws IOException {
        List<String> lines = records.stream()
                .sorted(Comparator.comparing(
                        each -> each.event().map(Event::time).orElse(Instant.MIN)))
                .map(Heard::line)
                .toList();
        Files.write(file, lines);
    }

    /// Every fault there is: in single records, in a candidate's chain, in the order of a release.
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        records.forEach(each -> faults.addAll(EventCheck.faults(each)));
        chainFaults(faults);
        answerFaults(faults);
        endFaults(faults);
        releaseKeys().forEach(key -> faults.addAll(new ReleaseStory(key, ofRelease(key)).faults()));
        return faults;
    }

    private void chainFaults(List<String> faults) {
        Map<UUID, Event<CandidateAccepted>> beginnings = all(CandidateAccepted.class).stream()
                .collect(Collectors.toMap(Event::chainId, event -> event, (first, _) -> first));
        all(CandidateAccepted.class).stream()
                .filter(event -> !event.data().candidate().equals(event.chainId()))
                .forEach(event -> faults.add("candidate " + event.data().candidate() + " has another chain"));
        events().forEach(event -> {
            Event<CandidateAccepted> beginning = beginnings.get(event.chainId());
            String what = event.data().getClass().getSimpleName() + " " + event.id();
            if (beginning == null && isUnasked(event.data())) {
                return;
            }
            if (beginning == null) {
                faults.add(what + " belongs to no candidate");
            } else if (event.time().isBefore(beginning.time())) {
                faults.add(what + " came before its candidate");
            }
        });
    }

    /// A backup by schedule has a chain of its own, and so has what is said of a database whoever releases to it.
    private static boolean isUnasked(EventData data) {
        return switch (data) {
            case BackupStarted started -> started.release() == null;
            case BackupVerified verified -> verified.release() == null;
            case BackupProgressed progressed -> progressed.release() == null;
            case BackupCancelled cancelled -> cancelled.release() == null;
            case BackupIncomplete _, BackupCopied _, BackupDoubted _ -> true;
            case BackupMissed _, BackupOverdue _, BackupRecovered _, ScheduleInactive _, RetentionReported _ -> true;
            default -> false;
        };
    }

    private void answerFaults(List<String> faults) {
        Set<UUID> asked = events().flatMap(event -> event.data() instanceof BackupRequested request
                        ? Stream.of(request.requestId())
                        : Stream.empty())
                .collect(Collectors.toSet());
        Set<UUID> shifted = events().flatMap(event ->
                        event.data() instanceof TrafficShifted shift ? Stream.of(shift.step()) : Stream.empty())
                .collect(Collectors.toSet());
        events().forEach(event -> {
            switch (event.data()) {
                case BackupVerified answer
                when answer.requestId() != null && !asked.contains(answer.requestId()) ->
                    faults.add("backup " + answer.backup() + " answers nobody");
                case WatchStepPassed answer
                when !shifted.contains(answer.step()) ->
                    faults.add("a watch passes step " + answer.step() + ", which shifted no traffic");
                default -> {
                    // Other events answer nothing.
                }
            }
        });
    }

    /// Everybody who asked for it is told how a release ended.
    private void endFaults(List<String> faults) {
        for (Event<ReleaseFinished> finished : all(ReleaseFinished.class)) {
            UUID release = finished.data().customData().release().id();
            String situation = switch (finished.data().customData().phase()) {
                case "completed" -> "release-completed";
                case "rolledBack" -> "release-rolled-back";
                case String other -> "release-" + other;
            };
            boolean told = all(NoticeDelivered.class).stream()
                    .anyMatch(notice -> release.equals(notice.data().release())
                            && notice.data().situation().equals(situation));
            if (!told) {
                faults.add("release %s: no notice of %s was delivered".formatted(release, situation));
            }
        }
    }

    private List<String> releaseKeys() {
        return records.stream()
                .filter(each -> each.event()
                        .filter(event -> event.data() instanceof ReleaseQueued)
                        .isPresent())
                .map(Heard::key)
                .distinct()
                .toList();
    }

    private List<Event<?>> ofRelease(String key) {
        return records.stream()
                .filter(each -> each.topic().equals(Topics.RELEASES) && key.equals(each.key()))
                .<Event<?>>flatMap(each -> each.event().stream())
                .toList();
    }

    private Stream<Event<?>> events() {
        return records.stream().flatMap(each -> each.event().stream());
    }

    /// How many records lie on each topic.
    public Map<String, Long> perTopic() {
        return heard.stream().collect(Collectors.groupingBy(Heard::topic, Collectors.counting()));
    }
}
