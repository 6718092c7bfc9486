#!/usr/bin/env bash
# Puts OpenShell 0.0.36 on the host: one program, since its gateway is a container.
set -euo pipefail

OPENSHELL_REPOSITORY=NVIDIA/OpenShell
VERSION=0.0.36
TARGET=$HOME/.local/bin

info() { printf '\033[0;32m[install]\033[0m %s\n' "$1"; }
fail() {
  printf '\033[0;31m[install]\033[0m %s\n' "$1" >&2
  exit 1
}

architecture() {
  case $(uname -m) in
    x86_64 | amd64) echo x86_64 ;;
    aarch64 | arm64) echo aarch64 ;;
    *) fail "Unsupported architecture: $(uname -m)" ;;
  esac
}

download() { # name directory
  local url=https://github.com/$OPENSHELL_REPOSITORY/releases/download/v$VERSION/$1
  curl -fsSL "$url" -o "$2/$1" || fail "$url could not be downloaded."
}

verify() { # name directory
  info 'Verifying SHA-256 checksum...'
  (cd "$2" && grep -F "$1" openshell-checksums-sha256.txt | sha256sum -c -) ||
    fail "SHA-256 checksum verification failed for $1"
}

main() {
  local asset directory
  [[ $(uname -s) == Linux ]] || fail "Unsupported OS: $(uname -s)"
  if [[ $(openshell --version 2>/dev/null) == "openshell $VERSION" ]]; then
    info "openshell already installed: $VERSION"
    return
  fi
  asset=openshell-$(architecture)-unknown-linux-musl.tar.gz
  directory=$(mktemp -d)
  # shellcheck disable=SC2064 # The directory of now is what is to go.
  trap "rm -rf '$directory'" EXIT
  info "Installing OpenShell from release 'v$VERSION'..."
  download "$asset" "$directory"
  download openshell-checksums-sha256.txt "$directory"
  verify "$asset" "$directory"
  tar -xzf "$directory/$asset" -C "$directory"
  mkdir -p "$TARGET"
  install -m 755 "$directory/openshell" "$TARGET/openshell"
  info "$("$TARGET/openshell" --version) installed"
}

main
