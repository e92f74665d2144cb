package dev.slipway.manifest;

import dev.slipway.web.Fault;
import java.util.Optional;
import org.yaml.snakeyaml.error.Mark;

/// One pass through one manifest.
///
/// @param references what references are tried against; empty when nobody asks whether they lead anywhere
record Reading(Faults faults, Optional<References> references) {
    void fault(String path, String message, Mark at) {
        faults.add(faultAt(path, message, at));
    }

    /// Whether every reference in the text has a value; records a fault otherwise.
    boolean leadsSomewhere(String text, String path, Mark at) {
        try {
            references.ifPresent(all -> all.resolve(text));
            return true;
        } catch (UnresolvedReference e) {
            fault(path, e.getMessage(), at);
            return false;
        }
    }

    static Fault faultAt(String path, String message, Mark at) {
        return new Fault(path, message, at.getLine() + 1, at.getColumn() + 1);
    }
}
