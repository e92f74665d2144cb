package dev.slipway.notify.notice;

import dev.slipway.notify.audience.ChannelName;

/// One address that is to hear of something.
///
/// @param address as the manifest has it; a reference stays one, so that no secret is stored
/// @param hash of the address itself, of the reference when that leads nowhere
/// @param masked the address as it may be shown
record Recipient(String audience, ChannelName channel, String address, String hash, String masked) {}
