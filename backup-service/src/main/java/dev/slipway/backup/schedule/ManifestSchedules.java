package dev.slipway.backup.schedule;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.manifest.BackupManifest;
import dev.slipway.backup.schedule.Schedule.Origin;
import dev.slipway.manifest.ManifestListener;
import dev.slipway.manifest.StoredManifest;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Makes the schedules of an application what its manifest says. Those that somebody made over HTTP stay, unless the
/// manifest takes their name or no longer has their database.
@Singleton
public final class ManifestSchedules implements ManifestListener<BackupManifest> {
    private static final String BY = "manifest";

    private final Schedules schedules;
    private final KeepSchedules keep;

    public ManifestSchedules(Schedules schedules, KeepSchedules keep) {
        this.schedules = schedules;
        this.keep = keep;
    }

    private record Place(DatabaseKey database, String schedule) {}

    @Override
    public void accepted(Handle tx, StoredManifest<BackupManifest> manifest) {
        Set<DatabaseKey> databases = manifest.sections().databases().stream()
                .map(database -> new DatabaseKey(manifest.application(), database.name()))
                .collect(Collectors.toSet());
        Map<Place, Plan> wanted = wanted(manifest);
        for (Schedule schedule : schedules.lockAll(tx, manifest.application())) {
            Plan plan =
                    wanted.remove(new Place(schedule.database(), schedule.plan().name()));
            if (plan != null) {
                follow(tx, schedule, plan);
            } else if (schedule.origin() == Origin.MANIFEST || !databases.contains(schedule.database())) {
                keep.remove(tx, schedule, BY);
            }
        }
        wanted.forEach((place, plan) -> keep.add(tx, place.database(), plan, Origin.MANIFEST, BY));
    }

    private void follow(Handle tx, Schedule schedule, Plan plan) {
        if (schedule.origin() != Origin.MANIFEST || !schedule.plan().equals(plan)) {
            keep.change(tx, schedule, plan, Origin.MANIFEST, BY);
        }
    }

    private static Map<Place, Plan> wanted(StoredManifest<BackupManifest> manifest) {
        Map<Place, Plan> wanted = new LinkedHashMap<>();
        for (BackupManifest.Database database : manifest.sections().databases()) {
            DatabaseKey key = new DatabaseKey(manifest.application(), database.name());
            database.schedules().forEach(plan -> wanted.put(new Place(key, plan.name()), plan));
        }
        return wanted;
    }
}
