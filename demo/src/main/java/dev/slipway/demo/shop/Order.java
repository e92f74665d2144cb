package dev.slipway.demo.shop;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An order as the shop shows it. @param priority `normal` or `bulk`; absent before the second version
record Order(
        long id,
        String customer,
        String item,
        int quantity,
        Instant createdAt,
        @Nullable String priority) {
    /// From this quantity on an order is a bulk order.
    static final int BULK = 10;

    /// What a customer asks for. @param quantity at least 1
    record Request(String item, int quantity) {
        Request {
            if (item == null || item.isBlank() || item.length() > 200) {
                throw new IllegalArgumentException("item: 1 to 200 characters");
            }
            if (quantity < 1 || quantity > 1000) {
                throw new IllegalArgumentException("quantity: 1 to 1000, not " + quantity);
            }
        }

        String priority() {
            return quantity >= BULK ? "bulk" : "normal";
        }
    }
}
