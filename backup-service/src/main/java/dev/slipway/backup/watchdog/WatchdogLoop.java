package dev.slipway.backup.watchdog;

import dev.slipway.audit.Cause;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Lets the watchdog look again and again, on a thread of its own. Every replica has one: what is wrong is told by the
/// first that sees it.
@Singleton
@Startup
final class WatchdogLoop {
    private static final Logger LOG = Logger.getLogger(WatchdogLoop.class);

    private final ScheduledExecutorService thread;

    WatchdogLoop(
            Watchdog watchdog,
            @ConfigProperty(name = "slipway.backups.watchdog-every", defaultValue = "PT1M") Duration every,
            @ConfigProperty(name = "slipway.pumps.enabled") boolean enabled) {
        thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("watchdog").daemon().factory());
        if (enabled) {
            thread.scheduleWithFixedDelay(
                    () -> look(watchdog), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdownNow();
    }

    /// An exception would end the loop.
    private static void look(Watchdog watchdog) {
        try {
            Cause.timer("watchdog", null).bringsAbout(() -> {
                watchdog.look();
                return null;
            });
        } catch (RuntimeException e) {
            LOG.error("watchdog could not look", e);
        }
    }
}
