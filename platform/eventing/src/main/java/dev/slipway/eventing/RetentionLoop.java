package dev.slipway.eventing;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Has what is over taken away every so often, from the service's start to its end.
@Singleton
@Startup
final class RetentionLoop {
    private static final Logger LOG = Logger.getLogger(RetentionLoop.class);

    private final Retention retention;
    private final SchemaGuard schema;
    private final Duration every;
    private final @Nullable Thread loop;

    RetentionLoop(
            Retention retention,
            SchemaGuard schema,
            @ConfigProperty(name = "slipway.retention.every") Duration every,
            @ConfigProperty(name = "slipway.pumps.enabled") boolean enabled) {
        this.retention = retention;
        this.schema = schema;
        this.every = every;
        this.loop = enabled ? Thread.ofPlatform().name("retention").daemon().start(this::run) : null;
    }

    private void run() {
        Wake pause = new Wake();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                prune();
                pause.await(every);
            }
        } catch (InterruptedException _) {
            // the service stops
        }
    }

    private void prune() {
        try {
            if (schema.mayWork()) {
                retention.prune();
            }
        } catch (RuntimeException e) {
            LOG.warnf("event=prune_failed again_in=%s: %s", every, e.toString());
            LOG.debug("prune", e);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (loop != null) {
            loop.interrupt();
        }
    }
}
