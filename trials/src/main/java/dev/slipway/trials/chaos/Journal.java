package dev.slipway.trials.chaos;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file of evidence: one JSON object per line, on the disk as soon as it is written.
final class Journal implements Closeable {
    static final JsonMapper JSON = new JsonMapper();

    private final BufferedWriter writer;

    Journal(Path file) throws IOException {
        writer = Files.newBufferedWriter(file);
    }

    static ObjectNode line() {
        return JSON.createObjectNode();
    }

    synchronized void write(ObjectNode line) {
        try {
            writer.write(line.toString());
            writer.newLine();
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        writer.close();
    }
}
