package dev.slipway.backup.proof;

import java.util.List;

/// What has to be true of the backups of one database, besides what is true of all.
///
/// @param checks asked of the restored database
public record Judgement(List<Check> checks, Size size) {
    public static final Judgement NONE = new Judgement(List.of(), Size.USUAL);

    public Judgement {
        checks = List.copyOf(checks);
    }
}
