package dev.slipway.trials.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.events.Catalogue;
import dev.slipway.suite.process.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Waits, once nobody breaks or asks anything any more, until nothing is under way.
final class Settling {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
    private static final int QUIET_LOOKS = 3;

    private final Rest rest;

    Settling(Rest rest) {
        this.rest = rest;
    }

    /// @return what is still under way when the deadline has passed; empty when nothing is
    String await(Deadline deadline) {
        String last = "";
        for (int quiet = 0; quiet < QUIET_LOOKS; ) {
            if (deadline.passed()) {
                return last;
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            last = underWay();
            quiet = last.isEmpty() ? quiet + 1 : 0;
        }
        return "";
    }

    private String underWay() {
        try {
            long releases = count(Catalogue.DEPLOY, "/api/v1/releases", release -> !release.hasNonNull("settledAt"));
            long notices =
                    count(Catalogue.NOTIFY, "/api/v1/notices", notice -> !isOneOf(notice, "delivered", "failed"));
            long backups =
                    count(Catalogue.BACKUP, "/api/v1/backups", backup -> !isOneOf(backup, "completed", "failed"));
            return releases + notices + backups == 0
                    ? ""
                    : "%d releases, %d notices, %d backups".formatted(releases, notices, backups);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private long count(String service, String path, Predicate<JsonNode> open) throws IOException {
        return rest.list(service, path).stream().filter(open).count();
    }

    private static boolean isOneOf(JsonNode item, String one, String other) {
        String state = item.path("state").asText();
        return state.equals(one) || state.equals(other);
    }
}
