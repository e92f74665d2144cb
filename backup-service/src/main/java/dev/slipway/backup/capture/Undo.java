package dev.slipway.backup.capture;

import dev.slipway.backup.catalogue.BackupFiles;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/// Leaves nothing of a backup that is not to be: no program, no session, no scratch database, no password, no file.
final class Undo {
    private static final Logger LOG = Logger.getLogger(Undo.class);

    private final TidyUp tidyUp;
    private final Limits limits;

    Undo(TidyUp tidyUp, Limits limits) {
        this.tidyUp = tidyUp;
        this.limits = limits;
    }

    /// On the machine and on the database's server. A server that is away has no session; a scratch database it may
    /// have is dropped by the next drill there.
    void runs(Backup backup, Access source) throws InterruptedException {
        try {
            tidyUp.after(new Job(backup.id(), source, limits));
        } catch (BackupFault e) {
            LOG.warnf("not tidied up behind backup=%s: %s", backup.id(), e.getMessage());
        }
    }

    /// In the locations. @return those that still have to be asked for it
    List<String> files(Backup backup, Storage storage) {
        List<String> left = new ArrayList<>();
        for (BackupFiles files : BackupFiles.in(storage.locations(), backup.database(), backup.id())) {
            try {
                files.remove();
            } catch (LocationFault e) {
                LOG.warnf(
                        "files left location=%s backup=%s: %s", files.location().name(), backup.id(), e.getMessage());
                left.add(files.location().name());
            }
        }
        return left;
    }
}
