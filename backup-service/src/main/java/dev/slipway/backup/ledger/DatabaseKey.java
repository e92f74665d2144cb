package dev.slipway.backup.ledger;

/// A database as the manifest names it. @param name in the section `databases` of the application's manifest
public record DatabaseKey(String application, String name) {
    /// `shop/orders`: the key of events that belong to no release.
    @Override
    public String toString() {
        return application + "/" + name;
    }
}
