package dev.slipway.manifest;

/// A reference such as `${env:SLIPWAY_REF_X}` that leads nowhere, or to where it may not. The message names the
/// reference and never a value.
public final class UnresolvedReference extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reference;

    UnresolvedReference(String reference, String why) {
        super("%s %s".formatted(reference, why));
        this.reference = reference;
    }

    /// As it stands in the manifest: `${env:SLIPWAY_REF_X}`.
    public String reference() {
        return reference;
    }
}
