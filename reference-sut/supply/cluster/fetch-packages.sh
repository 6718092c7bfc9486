#!/bin/bash
# Runs inside a container of the agents' base, with the network: fetches fuse-overlayfs and what it needs that the base has
# not, and tries that they can be installed with nothing else at hand.
set -euo pipefail
packages=$1/packages
mkdir -p "$packages/partial"
options=()
if [ -n "${SSL_CERT_FILE:-}" ]; then options+=(-o "Acquire::https::CAInfo=$SSL_CERT_FILE"); fi
apt-get "${options[@]}" update -qq
apt-get "${options[@]}" install --yes -qq --download-only --no-install-recommends \
  -o "Dir::Cache::Archives=$packages" fuse-overlayfs >/dev/null
rm -rf "$packages/partial" "$packages/lock"
dpkg --install "$packages"/*.deb >/dev/null
fuse-overlayfs --version | tail -n 1
