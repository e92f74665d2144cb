#!/usr/bin/env bash
# Prints the version of the shop that runs on SLIPWAY_TARGET; nothing when none runs there.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=shop-lib.sh
source "${BASH_SOURCE[0]%/*}/shop-lib.sh"

[[ -n $(running_pid) ]] || exit 0
version=$(healthy_version)
[[ -n $version ]] || { echo "$instance runs, but does not answer" >&2; exit 1; }
echo "$version"
