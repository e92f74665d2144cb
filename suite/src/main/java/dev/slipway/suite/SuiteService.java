package dev.slipway.suite;

import dev.slipway.suite.process.Supervised;
import java.net.URI;
import java.nio.file.Path;

/// A running service as its users see it.
public final class SuiteService {
    private final Supervised process;
    private final URI url;

    SuiteService(Supervised process, URI url) {
        this.process = process;
        this.url = url;
    }

    public String name() {
        return process.name();
    }

    /// Without a path: `http://127.0.0.1:8081`.
    public URI url() {
        return url;
    }

    /// What it prints.
    public Path log() {
        return process.program().log();
    }

    public Supervised.State state() {
        return process.state();
    }

    /// How often it was started again because it died.
    public int restarts() {
        return process.restarts();
    }
}
