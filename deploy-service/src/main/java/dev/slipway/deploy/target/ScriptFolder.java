package dev.slipway.deploy.target;

import static java.util.Objects.requireNonNull;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The one folder scripts may come from. A manifest names a script by its bare file name; anything that could lead out
/// of the folder, by separators or by a link, is refused.
@Singleton
final class ScriptFolder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

    private final Path folder;

    /// @param folder `SLIPWAY_SCRIPTS_DIR`
    ScriptFolder(@ConfigProperty(name = "slipway.scripts.dir") Path folder) {
        this.folder = requireNonNull(folder, "folder");
    }

    /// @return the real path of an executable regular file inside the folder
    /// @throws ScriptRefused with the reason, in words for the person who wrote the manifest
    Path script(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new ScriptRefused(
                    "'%s' is not the bare name of a script (letters, digits, '_', '.', '-')".formatted(name));
        }
        Path script = realPath(name);
        if (!Files.isRegularFile(script)) {
            throw new ScriptRefused("'%s' is not a file".formatted(name));
        }
        if (!Files.isExecutable(script)) {
            throw new ScriptRefused("'%s' is not executable".formatted(name));
        }
        return script;
    }

    private Path realPath(String name) {
        try {
            Path root = folder.toRealPath();
            Path script = root.resolve(name).toRealPath();
            if (!script.startsWith(root)) {
                throw new ScriptRefused("'%s' leads out of the folder of scripts".formatted(name));
            }
            return script;
        } catch (IOException _) {
            throw new ScriptRefused("there is no script '%s' in the folder of scripts".formatted(name));
        }
    }
}
