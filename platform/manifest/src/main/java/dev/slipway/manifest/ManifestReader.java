package dev.slipway.manifest;

/// Reads the sections of one service out of a manifest. A service has exactly one such bean.
///
/// It reads on after a fault: the accessors of [ManifestNode] record what is wrong and give back a stand-in, so that
/// whoever sent the manifest hears of everything at once. What was read is thrown away when there was any fault.
public interface ManifestReader<T> {
    /// The service's name in the catalogue; decides which top-level sections are its own.
    String service();

    /// Reads the service's sections; unknown keys of objects read with [ManifestNode#object], [ManifestNode#list] and
    /// their like are found without doing anything for it.
    ///
    /// @param root the document; sections of other services are there too, and none of this reader's business
    /// @param faults where the nodes record what they find, for faults that belong to no node
    T read(ManifestNode root, Faults faults);
}
