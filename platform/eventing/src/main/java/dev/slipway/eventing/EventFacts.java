package dev.slipway.eventing;

import dev.slipway.events.Event;
import dev.slipway.events.EventData;
import dev.slipway.events.ReleaseRef;
import dev.slipway.telemetry.Traces;
import java.lang.reflect.RecordComponent;

/// What the log lines of an event's handling tell of it: ids only, whatever else it says.
final class EventFacts {
    private EventFacts() {}

    static Traces.Facts of(Event<?> event) {
        Traces.Facts facts = Traces.facts().with(Traces.EVENT, event.id()).with(Traces.CHAIN, event.chainId());
        addAll(
                facts,
                switch (event.data()) {
                    case EventData.Custom custom -> (Record) custom;
                    case EventData.Standard standard -> customData((Record) standard);
                });
        return facts;
    }

    private static void addAll(Traces.Facts facts, Record said) {
        for (RecordComponent component : said.getClass().getRecordComponents()) {
            switch (value(said, component)) {
                case ReleaseRef release ->
                    facts.with(Traces.RELEASE, release.id()).with(Traces.APPLICATION, release.application());
                case Object id when component.getName().equals(Traces.RELEASE) -> facts.with(Traces.RELEASE, id);
                case Object name
                when component.getName().equals(Traces.APPLICATION) -> facts.with(Traces.APPLICATION, name);
                case null, default -> {}
            }
        }
    }

    private static Record customData(Record standard) {
        for (RecordComponent component : standard.getClass().getRecordComponents()) {
            if (component.getName().equals("customData")) {
                return (Record) value(standard, component);
            }
        }
        throw new IllegalStateException(standard.getClass() + " has no customData");
    }

    private static Object value(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
