package dev.slipway.deploy.candidate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A build CI called good, whoever the CI is. The provider, the repository, the run and the attempt name it for ever.
///
/// @param provider `github`
/// @param repository the provider's own id: a repository keeps it when it is renamed
/// @param run the provider's id of the run
/// @param attempt 1 for the first; a run that was run again is another build
/// @param commit full hexadecimal commit id
/// @param requester who started the run, a login at the provider
/// @param author who wrote the commit, as far as the provider says
/// @param involved everybody who had a part in it, as aliases spell it: `github:mara-k`, `email:mara@example.org`
public record Build(
        String provider,
        long repository,
        long run,
        int attempt,
        String commit,
        String branch,
        String requester,
        @Nullable String author,
        List<String> involved,
        @Nullable String runUrl) {
    public Build {
        involved = List.copyOf(involved);
    }
}
