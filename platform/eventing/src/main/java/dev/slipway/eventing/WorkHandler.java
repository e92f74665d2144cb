package dev.slipway.eventing;

/// Does one kind of due work. Called outside a transaction, on a thread of its own, with the lease extended while it
/// runs. An exception means: again, with back-off.
public interface WorkHandler {
    /// Name of the kind, as given to [WorkQueue#schedule].
    String kind();

    WorkResult run(WorkItem item);

    /// Whether this work comes to an end. What is done again and again for ever begins a trace with every run; other
    /// work goes on in the trace of what made it due.
    default boolean ends() {
        return true;
    }
}
