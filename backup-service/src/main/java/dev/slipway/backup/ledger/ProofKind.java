package dev.slipway.backup.ledger;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/// How a backup is proved, weakest first: whoever restored it has read it back too.
public enum ProofKind {
    /// The stored bytes are hashed again and the archive is read to its end.
    READBACK,
    /// The archive is restored into a scratch database and its rows are counted.
    RESTORE;

    /// The name on the wire and in the manifest: `readback`, `restore`.
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether a proof of this kind is enough for somebody who asks for `wanted`.
    public boolean satisfies(ProofKind wanted) {
        return compareTo(wanted) >= 0;
    }

    public static Optional<ProofKind> ofLabel(String label) {
        for (ProofKind kind : values()) {
            if (kind.label().equals(label)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
