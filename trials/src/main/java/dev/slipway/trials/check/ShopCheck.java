package dev.slipway.trials.check;

/// What customers were told is in the shop's database, whatever was deployed meanwhile.
final class ShopCheck {
    private ShopCheck() {}

    static void check(Evidence evidence, Findings findings) {
        long confirmed = evidence.shop().path("ordersConfirmed").asLong();
        long kept = evidence.shop().path("ordersInDatabase").asLong();
        findings.count("orders confirmed to customers", confirmed);
        if (kept < confirmed) {
            findings.difference("customers were told of %d orders, the shop's database has %d", confirmed, kept);
        }
    }
}
