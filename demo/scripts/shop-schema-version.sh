#!/usr/bin/env bash
# Prints the version of the schema in the shop's database.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=shop-lib.sh
source "${BASH_SOURCE[0]%/*}/shop-lib.sh"

shop_java ShopSchemaVersion
