package dev.slipway.manifest;

import dev.slipway.web.Fault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Everything that is wrong with one manifest, collected while it is read to its end.
public final class Faults {
    private static final int MOST = 500;

    private final List<Fault> all = new ArrayList<>();
    private int count;

    /// Beyond 500 faults only their number is kept.
    public void add(Fault fault) {
        count++;
        if (all.size() < MOST && !all.contains(fault)) {
            all.add(fault);
        }
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /// How many were added so far.
    public int count() {
        return count;
    }

    /// The faults in the order of the document.
    public List<Fault> all() {
        List<Fault> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing(Fault::line, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(Fault::column, Comparator.nullsFirst(Comparator.naturalOrder())));
        if (all.size() == MOST) {
            sorted.add(Fault.at("", "and more: these are the first " + MOST));
        }
        return List.copyOf(sorted);
    }
}
