package dev.slipway.demo.site;

import java.lang.reflect.RecordComponent;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// The shop's passwords and keys, new for every site.
///
/// @param token signs the tokens of those who log in
/// @param smoke password of the user the smoke tests log in as
/// @param customer password of the customers
/// @param database password of the role the shop uses
/// @param backup password of the role that reads everything and may create scratch databases
/// @param edge token of the edge's admin calls
/// @param webhook what GitHub signs with
public record ShopSecrets(
        String token, String smoke, String customer, String database, String backup, String edge, String webhook) {
    static ShopSecrets random() {
        var random = new SecureRandom();
        return new ShopSecrets(
                text(random), text(random), text(random), text(random), text(random), text(random), text(random));
    }

    Map<String, String> references() {
        return Map.of(
                "SLIPWAY_REF_SHOP_SECRET", token,
                "SLIPWAY_REF_SHOP_SMOKE_PASSWORD", smoke,
                "SLIPWAY_REF_SHOP_CUSTOMER_PASSWORD", customer,
                "SLIPWAY_REF_SHOP_DATABASE_USER", ShopDatabases.SHOP_ROLE,
                "SLIPWAY_REF_SHOP_DATABASE_PASSWORD", database,
                "SLIPWAY_REF_SHOP_BACKUP_USER", ShopDatabases.BACKUP_ROLE,
                "SLIPWAY_REF_SHOP_BACKUP_PASSWORD", backup,
                "SLIPWAY_REF_SHOP_EDGE_TOKEN", edge,
                "SLIPWAY_REF_GITHUB_SECRET", webhook);
    }

    /// All of them by name, to check that they are written nowhere.
    public Map<String, String> byName() {
        Map<String, String> all = new LinkedHashMap<>();
        for (RecordComponent component : getClass().getRecordComponents()) {
            try {
                all.put("shop " + component.getName(), (String)
                        component.getAccessor().invoke(this));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + component.getName(), e);
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return "ShopSecrets[…]";
    }

    private static String text(SecureRandom random) {
        byte[] bytes = new byte[18];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
