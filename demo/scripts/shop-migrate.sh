#!/usr/bin/env bash
# Brings the shop's schema to what SLIPWAY_VERSION needs. Running it again changes nothing.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=shop-lib.sh
source "${BASH_SOURCE[0]%/*}/shop-lib.sh"

shop_java ShopMigrate
