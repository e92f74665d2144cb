package dev.slipway.trials.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Every backup asked for was taken, or failed for a reason; the archives of those that were taken are
/// there, unchanged.
final class CaptureCheck {
    private CaptureCheck() {}

    static void check(Evidence evidence, Findings findings) {
        Map<String, JsonNode> backups = new HashMap<>();
        evidence.backups().forEach(backup -> backups.put(backup.path("id").asText(), backup));
        for (JsonNode capture : evidence.captures()) {
            findings.count("backups asked for", 1);
            String id = capture.path("backup").asText();
            if (capture.path("status").asInt() != 202 || !backups.containsKey(id)) {
                findings.difference("a backup was asked for, and there is none: %s", capture);
            }
        }
        evidence.backups().forEach(backup -> ended(evidence, backup, findings));
    }

    private static void ended(Evidence evidence, JsonNode backup, Findings findings) {
        String id = backup.path("id").asText();
        String state = backup.path("state").asText();
        findings.count("backups " + state, 1);
        if (state.equals("failed") && !backup.path("reason").asText().isBlank()) {
            return;
        }
        if (!state.equals("completed")) {
            findings.difference("backup %s is %s, without a reason", id, state);
            return;
        }
        Path folder = Path.of(evidence.expected().path("backups").asText())
                .resolve(backup.path("application").asText())
                .resolve(backup.path("database").asText())
                .resolve(id);
        List<Path> archives = archives(folder);
        if (archives.isEmpty()) {
            findings.difference("backup %s is completed and its archive is not there: %s", id, folder);
        } else if (archives.stream()
                .noneMatch(
                        archive -> sha256(archive).equals(backup.path("sha256").asText()))) {
            findings.difference("the archive of backup %s is not what was taken: %s", id, archives);
        }
    }

    /// Whatever it is packed in.
    private static List<Path> archives(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("archive"))
                    .toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    private static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException | GeneralSecurityException e) {
            return "unreadable: " + e;
        }
    }
}
