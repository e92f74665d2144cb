package dev.slipway.suite.apply;

import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/// Something in a manifest that services refuse.
///
/// @param services who says so: a fault in what all of them read is one fault
/// @param path where in the document, `environments[1].gates.soak`; empty when it is about the whole
/// @param line counted from 1, 0 when the fault has no place
/// @param column counted from 1, 0 when the fault has no place
public record ManifestFault(Set<String> services, String path, String message, int line, int column) {
    static final Comparator<ManifestFault> IN_ORDER_OF_THE_DOCUMENT =
            Comparator.comparingInt(ManifestFault::line).thenComparingInt(ManifestFault::column);

    public ManifestFault {
        services = Set.copyOf(services);
    }

    /// `slipway.yaml:12:5: environments[0].target: … (deploy-service)`, as compilers write it.
    public String render(String file) {
        String place = line > 0 ? file + ":" + line + ":" + column : file;
        String what = path.isEmpty() ? message : path + ": " + message;
        return place + ": " + what + " (" + String.join(", ", new TreeSet<>(services)) + ")";
    }

    boolean saysTheSameAs(ManifestFault other) {
        return path.equals(other.path) && message.equals(other.message) && line == other.line && column == other.column;
    }

    ManifestFault alsoSaidBy(Set<String> others) {
        Set<String> all = new TreeSet<>(services);
        all.addAll(others);
        return new ManifestFault(all, path, message, line, column);
    }
}
