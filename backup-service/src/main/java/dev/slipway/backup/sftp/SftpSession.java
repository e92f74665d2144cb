package dev.slipway.backup.sftp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHFsyncExtension;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/// One connection to a server, with what is asked of it there.
final class SftpSession implements AutoCloseable {
    private static final int PRIVATE_FOLDER = 0700;

    private final ClientSession session;
    private final SftpClient files;

    SftpSession(ClientSession session, SftpClient files) {
        this.session = session;
        this.files = files;
    }

    SftpClient files() {
        return files;
    }

    static boolean isMissing(IOException e) {
        return e instanceof SftpException answer && answer.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE;
    }

    /// Makes a folder and those that lead to it, readable for this user only.
    void makeFolders(String folder) throws IOException {
        Deque<String> missing = new ArrayDeque<>();
        String at = folder;
        while (!at.isEmpty() && !exists(at)) {
            missing.push(at);
            int slash = at.lastIndexOf('/');
            at = slash < 0 ? "" : at.substring(0, slash);
        }
        for (String path : missing) {
            try {
                files.mkdir(path);
                files.setStat(path, new SftpClient.Attributes().perms(PRIVATE_FOLDER));
            } catch (SftpException e) {
                // Somebody else may have made it in between.
                if (!exists(path)) {
                    throw e;
                }
            }
        }
    }

    boolean exists(String path) throws IOException {
        try {
            files.stat(path);
            return true;
        } catch (SftpException e) {
            if (isMissing(e)) {
                return false;
            }
            throw e;
        }
    }

    /// Makes sure that a crash of the server does not reach what was written, where the server knows how.
    void sync(String path) throws IOException {
        OpenSSHFsyncExtension sync = files.getExtension(OpenSSHFsyncExtension.class);
        if (sync != null && sync.isSupported()) {
            try (SftpClient.CloseableHandle handle = files.open(path, Set.of(OpenMode.Read, OpenMode.Write))) {
                sync.fsync(handle);
            }
        }
    }

    /// Renames over what may be there.
    void rename(String from, String to) throws IOException {
        OpenSSHPosixRenameExtension rename = files.getExtension(OpenSSHPosixRenameExtension.class);
        if (rename != null && rename.isSupported()) {
            rename.posixRename(from, to);
            return;
        }
        remove(to);
        files.rename(from, to);
    }

    /// Removes a file; one that is gone is no fault.
    void remove(String path) throws IOException {
        try {
            files.remove(path);
        } catch (SftpException e) {
            if (!isMissing(e)) {
                throw e;
            }
        }
    }

    void removeFolderIfEmpty(String path) {
        try {
            files.rmdir(path);
        } catch (IOException _) {
            // Something else is in it: it stays.
        }
    }

    /// What is in a folder; nothing when there is none.
    List<DirEntry> entries(String folder) throws IOException {
        try {
            return files.readEntries(folder).stream()
                    .filter(entry -> !Set.of(".", "..").contains(entry.getFilename()))
                    .toList();
        } catch (SftpException e) {
            if (isMissing(e)) {
                return List.of();
            }
            throw e;
        } catch (UncheckedIOException e) {
            // What the folder holds is asked for while one goes through it.
            if (isMissing(e.getCause())) {
                return List.of();
            }
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (IOException _) {
            // It is given up either way.
        }
        session.close(true);
    }
}
