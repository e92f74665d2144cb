#!/bin/sh
# Writes the digest behind each tag into the Dockerfiles and docker-compose.yml: FROM name:tag becomes
# FROM name:tag@sha256:…, and one that has a digest gets today's. Asks the registries by the docker CLI, builds nothing.
# A name whose digest cannot be had stays as it is and makes the script end with 1.
set -eu

cd "${SLIPWAY_HOME:-$(dirname "$0")/..}"
failed=0
for file in */Dockerfile docker-compose.yml; do
    for image in $(sed -n -E 's/^(FROM|[[:space:]]+image:)[[:space:]]+([^@[:space:]]+).*/\2/p' "$file" | sort -u); do
        digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$image") || digest=
        case $digest in
            sha256:????????????????????????????????????????????????????????????????) ;;
            *)
                echo "no digest of $image, $file keeps it as it is" >&2
                failed=1
                continue
                ;;
        esac
        escaped=$(printf '%s' "$image" | sed 's/[.[\*^$/]/\\&/g')
        sed -E "s/^(FROM|[[:space:]]+image:)([[:space:]]+)$escaped(@sha256:[0-9a-f]{64})?([[:space:]]|\$)/\1\2$escaped@$digest\4/" \
            "$file" >"$file.pinned"
        cat "$file.pinned" >"$file"
        rm "$file.pinned"
        echo "$file: $image@$digest"
    done
done
exit $failed
