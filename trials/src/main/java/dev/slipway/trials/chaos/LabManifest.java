package dev.slipway.trials.chaos;

import java.net.URI;
import java.util.Locale;

/// The manifest of a lab application: two environments with short plans, the second one after a short
/// soak and with a notice and a backup of its own.
final class LabManifest {
    private static final String TARGET = """
            type: script
            variables:
              LAB_HOME: ${env:SLIPWAY_REF_LAB_HOME}
              LAB_TAKES: "%s"
            deploy: {command: [lab-step.sh, deploy], timeout: PT2M}
            running: {command: [lab-running.sh], timeout: PT1M}
            migrate: {command: [lab-step.sh, migrate], timeout: PT2M, backwardCompatible: true}
            schemaVersion: {command: [lab-schema.sh], timeout: PT1M}
            """;

    private LabManifest() {}

    /// Some are done at once, some take long enough to be killed in the middle.
    private static String takes(String application) {
        return switch (Math.floorMod(application.hashCode(), 4)) {
            case 0 -> "0.1";
            case 1 -> "0.3";
            case 2 -> "0.8";
            default -> "2";
        };
    }

    /// @param url of the application's pages
    static String of(String application, URI url) {
        return """
                application: %1$s
                repository: acme/%1$s
                artifact: pkg:generic/%1$s@${commit}
                webhooks:
                  github:
                    secrets: ["${env:SLIPWAY_REF_WEBHOOK_SECRET}"]
                    workflow: CI
                    branches: [main]
                environments:
                  - name: test
                    url: %2$s/test
                    target:
                %3$s
                    plan: [migrate, verify-schema, deploy, smoke]
                    smoke: alive
                  - name: live
                    url: %2$s/live
                    target:
                %3$s
                    gates:
                      soak: PT1S
                    plan: [announce, backup, migrate, verify-schema, deploy, smoke]
                    announce: {situation: release-started, timeout: PT15M}
                    backup: {database: main, locations: 1, proof: readback, timeout: PT15M}
                    smoke: alive
                smokeTests:
                  - name: alive
                    steps:
                      - name: is well
                        get: /
                        expect: {status: 200, json: {"$.status": ok}}
                databases:
                  - name: main
                    type: postgresql
                    environment: live
                    host: ${env:SLIPWAY_REF_SHOP_DATABASE_HOST}
                    port: ${env:SLIPWAY_REF_SHOP_DATABASE_PORT}
                    database: %4$s
                    user: ${env:SLIPWAY_REF_SHOP_BACKUP_USER}
                    password: ${env:SLIPWAY_REF_SHOP_BACKUP_PASSWORD}
                    locations: [disk]
                audiences:
                  - name: team
                    email: [team@%1$s.example]
                    slack: ["${env:%5$s}"]
                notices:
                  release-started: [team]
                  release-completed: [team]
                  release-failed: [team]
                  release-cancelled: [team]
                  release-rolled-back: [team]
                  release-held: [team]
                """.formatted(
                        application,
                        url,
                        TARGET.formatted(takes(application)).indent(6).stripTrailing(),
                        database(application),
                        hook(application));
    }

    /// The name of an application's database on the server.
    static String database(String application) {
        return application.replace('-', '_');
    }

    /// The variable that holds the address of an application's chat.
    static String hook(String application) {
        return "SLIPWAY_REF_HOOK_" + database(application).toUpperCase(Locale.ROOT);
    }
}
