package dev.slipway.backup.sftp;

import dev.slipway.backup.location.LocationFault.Reason;
import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/// What a server's refusals mean.
final class SftpFaults {
    private SftpFaults() {}

    static Reason reason(IOException e) {
        return switch (e) {
            case SftpException answer ->
                switch (answer.getStatus()) {
                    case SftpConstants.SSH_FX_NO_SUCH_FILE, SftpConstants.SSH_FX_NO_SUCH_PATH -> Reason.MISSING;
                    case SftpConstants.SSH_FX_PERMISSION_DENIED, SftpConstants.SSH_FX_WRITE_PROTECT -> Reason.DENIED;
                    case SftpConstants.SSH_FX_NO_SPACE_ON_FILESYSTEM, SftpConstants.SSH_FX_QUOTA_EXCEEDED ->
                        Reason.FULL;
                    case SftpConstants.SSH_FX_NO_CONNECTION, SftpConstants.SSH_FX_CONNECTION_LOST -> Reason.UNREACHABLE;
                    default -> Reason.BROKEN;
                };
            case SshException session -> isRefusal(session) ? Reason.DENIED : Reason.UNREACHABLE;
            default -> Reason.UNREACHABLE;
        };
    }

    private static boolean isRefusal(SshException e) {
        return e.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE
                || e.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE;
    }

    static String said(IOException e) {
        if (e instanceof SshException refused
                && refused.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_HOST_KEY_NOT_VERIFIABLE) {
            return "the server shows a key that is not among the known ones";
        }
        return String.valueOf(e.getMessage());
    }
}
