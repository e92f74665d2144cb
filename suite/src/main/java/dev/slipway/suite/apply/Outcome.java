package dev.slipway.suite.apply;

import java.util.List;
import java.util.Set;

/// What came of giving a manifest to the services.
public sealed interface Outcome {
    /// All four agreed; nothing was changed, for that was all they were asked.
    record Agreed(String application) implements Outcome {}

    /// All four hold it now. @param hash its version, the same everywhere
    record Applied(String application, String hash) implements Outcome {}

    /// At least one refuses it or could not be asked; nothing was changed anywhere.
    record Refused(List<ManifestFault> faults) implements Outcome {
        public Refused {
            faults = List.copyOf(faults);
        }
    }

    /// All four agreed, then some did not take it: giving it again is the way on.
    record Partly(Set<String> holders, List<ManifestFault> faults) implements Outcome {
        public Partly {
            holders = Set.copyOf(holders);
            faults = List.copyOf(faults);
        }
    }
}
