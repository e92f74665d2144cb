package dev.slipway.backup.vault;

import dev.slipway.backup.vault.SealFault.Reason;

/// The master keys at hand, by their names.
@FunctionalInterface
public interface Keyring {
    /// @throws SealFault `KEY_MISSING` when there is none of that name
    MasterKey named(String name) throws SealFault;

    /// One key, which opens whatever was sealed under it, by whatever name.
    static Keyring ofOne(MasterKey key) {
        return name -> new MasterKey(name, key.key());
    }

    /// No keys: only what is not sealed can be read.
    static Keyring empty() {
        return name -> {
            throw missing(name);
        };
    }

    /// What to throw when there is no such key.
    static SealFault missing(String name) {
        return new SealFault(Reason.KEY_MISSING, "the master key '%s' is not at hand".formatted(name));
    }

    /// What to throw when there should be one. @param why it is not there
    static SealFault missing(String name, IllegalArgumentException why) {
        return new SealFault(
                Reason.KEY_MISSING, "the master key '%s' is not at hand: %s".formatted(name, why.getMessage()), why);
    }
}
