package dev.slipway.monitor.sample;

/// Requests of one version and those of them that were bad: cumulative counters as scraped, or what was added
/// between two scrapes.
public record Tally(long requests, long errors) {
    public static final Tally NONE = new Tally(0, 0);

    public Tally {
        if (errors < 0 || errors > requests) {
            throw new IllegalArgumentException("%d bad of %d requests".formatted(errors, requests));
        }
    }

    /// What was added since an earlier scrape. Counters only grow: when one has fallen, its process started anew
    /// and all it shows now was added since.
    public Tally since(Tally earlier) {
        long newRequests = requests - earlier.requests;
        long newErrors = errors - earlier.errors;
        // More new errors than new requests: fallen requests, or both grew past their old selves from a fresh start.
        boolean restarted = newErrors < 0 || newErrors > newRequests;
        return restarted ? this : new Tally(newRequests, newErrors);
    }
}
