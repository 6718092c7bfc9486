#!/usr/bin/env bash
# Puts the OpenShell release that this NemoClaw supports on the host: leaves a complete one alone, replaces any other.
# Kept to what bash 3.2 knows, which is what macOS ships.
set -euo pipefail

OPENSHELL_REPOSITORY=NVIDIA/OpenShell
CHANNEL=${NEMOCLAW_OPENSHELL_CHANNEL:-auto}
MIN_VERSION=${NEMOCLAW_OPENSHELL_MIN_VERSION:-0.0.44}
MAX_VERSION=${NEMOCLAW_OPENSHELL_MAX_VERSION:-0.0.44}
PIN_VERSION=${NEMOCLAW_OPENSHELL_PIN_VERSION:-0.0.44}
REWRITE_MARKERS='request-body-credential-rewrite websocket-credential-rewrite'
HYPERVISOR_ENTITLEMENT=com.apple.security.hypervisor

OS=''               # Linux | Darwin
ARCHITECTURE=''     # x86_64 | aarch64
INSTALLED_AT=''     # path of the openshell on PATH, or empty
INSTALLED_TEXT=''   # what it prints as its version
INSTALLED_VERSION='' # X.Y.Z in that
ASSETS=''           # archives of the release, in the order of their installation
DOWNLOADS=''        # temporary directory
TARGET=''           # directory that the binaries go to
TARGET_KIND=''      # plain | user-local | sudo

info() { printf '\033[0;32m[install]\033[0m %s\n' "$1"; }
warn() { printf '\033[1;33m[install]\033[0m %s\n' "$1"; }
fail() {
  printf '\033[0;31m[install]\033[0m %s\n' "$1" >&2
  exit 1
}

# --- settings and platform -------------------------------------------------------------------------------------------

require_release_version() { # name value
  [[ $2 =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "$1='$2' is not a valid X.Y.Z version."
}

check_settings() {
  case $CHANNEL in
    stable | dev | auto) ;;
    *) fail 'NEMOCLAW_OPENSHELL_CHANNEL must be one of: stable, dev, auto' ;;
  esac
  require_release_version NEMOCLAW_OPENSHELL_MIN_VERSION "$MIN_VERSION"
  require_release_version NEMOCLAW_OPENSHELL_MAX_VERSION "$MAX_VERSION"
  require_release_version NEMOCLAW_OPENSHELL_PIN_VERSION "$PIN_VERSION"
}

detect_platform() {
  local machine name
  OS=$(uname -s)
  machine=$(uname -m)
  case $OS in
    Linux) name=Linux ;;
    Darwin) name=macOS ;;
    *) fail "Unsupported OS: $OS" ;;
  esac
  case $machine in
    x86_64 | amd64) ARCHITECTURE=x86_64 ;;
    aarch64 | arm64) ARCHITECTURE=aarch64 ;;
    *) fail "Unsupported architecture: $machine" ;;
  esac
  info "Detected $name ($ARCHITECTURE)"
}

# --- what is installed -----------------------------------------------------------------------------------------------

release_number() { # text: the first X.Y.Z in it, else 0.0.0
  if [[ $1 =~ ([0-9]+\.[0-9]+\.[0-9]+) ]]; then
    printf '%s\n' "${BASH_REMATCH[1]}"
  else
    printf '0.0.0\n'
  fi
}

is_below() { # a b: whether release a comes before release b
  local a b index
  IFS=. read -r -a a <<<"$1"
  IFS=. read -r -a b <<<"$2"
  for index in 0 1 2; do
    ((10#${a[index]} == 10#${b[index]})) || {
      ((10#${a[index]} < 10#${b[index]}))
      return
    }
  done
  return 1
}

find_installed() {
  INSTALLED_AT=$(command -v openshell || true)
  [[ -n $INSTALLED_AT ]] || return 0
  INSTALLED_TEXT=$("$INSTALLED_AT" --version 2>/dev/null || true)
  INSTALLED_VERSION=$(release_number "$INSTALLED_TEXT")
}

has_driver_binaries() { # the helpers of the Docker driver beside the active openshell
  local directory
  directory=$(dirname "$INSTALLED_AT")
  [[ -x $directory/openshell-gateway ]] || return 1
  [[ $OS == Darwin || -x $directory/openshell-sandbox ]]
}

require_rewrite_support() { # binary
  local marker texts
  command -v strings >/dev/null 2>&1 || fail "'strings' is required to verify OpenShell messaging credential rewrite support. Install binutils or an equivalent package and retry."
  texts=$(strings "$1")
  for marker in $REWRITE_MARKERS; do
    grep -qF -- "$marker" <<<"$texts" || fail "OpenShell binary is missing $marker support."
  done
}

# --- decision --------------------------------------------------------------------------------------------------------

is_dev_build() { [[ $INSTALLED_TEXT == *-dev* ]]; }

# Ends the script when what is installed will do; returns when the release is to be installed.
accept_or_explain() {
  [[ -n $INSTALLED_AT ]] || return 0
  local reinstalling="reinstalling pinned OpenShell $PIN_VERSION..."
  if [[ $CHANNEL == dev ]]; then
    if ! is_dev_build || ! has_driver_binaries; then
      warn "openshell $INSTALLED_VERSION is not the required dev-channel messaging-rewrite build — upgrading..."
      return 0
    fi
  elif is_below "$MAX_VERSION" "$INSTALLED_VERSION"; then
    warn "openshell $INSTALLED_VERSION is above the maximum ($MAX_VERSION) supported by this NemoClaw release — $reinstalling"
    return 0
  elif is_below "$INSTALLED_VERSION" "$MIN_VERSION"; then
    warn "openshell $INSTALLED_VERSION is below minimum $MIN_VERSION — upgrading..."
    return 0
  elif ! has_driver_binaries; then
    warn "openshell $INSTALLED_VERSION is missing Docker-driver binaries — $reinstalling"
    return 0
  fi
  require_rewrite_support "$INSTALLED_AT"
  info "openshell already installed: $INSTALLED_VERSION (>= $MIN_VERSION, <= $MAX_VERSION, messaging rewrite capable)"
  exit 0
}

# --- download --------------------------------------------------------------------------------------------------------

release_tag() {
  if [[ $CHANNEL == dev ]]; then
    printf 'dev\n'
  else
    printf 'v%s\n' "$PIN_VERSION"
  fi
}

choose_assets() {
  case $OS-$ARCHITECTURE in
    Darwin-x86_64) fail "OpenShell $PIN_VERSION does not publish macOS x86_64 standalone gateway assets." ;;
    Darwin-*) ASSETS="openshell-$ARCHITECTURE-apple-darwin.tar.gz openshell-gateway-$ARCHITECTURE-apple-darwin.tar.gz" ;;
    *) ASSETS="openshell-$ARCHITECTURE-unknown-linux-musl.tar.gz openshell-gateway-$ARCHITECTURE-unknown-linux-gnu.tar.gz openshell-sandbox-$ARCHITECTURE-unknown-linux-gnu.tar.gz" ;;
  esac
}

checksum_file_of() { # asset: the file of the release that holds its checksum
  printf '%s-checksums-sha256.txt\n' "${1%%-"$ARCHITECTURE"-*}"
}

release_files() { # archives first, then their checksum files in the same order
  local asset
  for asset in $ASSETS; do printf '%s\n' "$asset"; done
  for asset in $ASSETS; do checksum_file_of "$asset"; done
}

fetch_with_gh() { # tag file
  GH_PROMPT_DISABLED=1 GH_TOKEN=${GH_TOKEN:-${GITHUB_TOKEN:-}} \
    gh release download "$1" --repo "$OPENSHELL_REPOSITORY" --pattern "$2" --dir "$DOWNLOADS" --clobber 2>/dev/null
}

fetch_with_curl() { # tag file
  curl -fsSL "https://github.com/$OPENSHELL_REPOSITORY/releases/download/$1/$2" -o "$DOWNLOADS/$2"
}

download_release() { # tag
  local file files
  files=$(release_files)
  if command -v gh >/dev/null 2>&1; then
    local all=yes
    for file in $files; do
      fetch_with_gh "$1" "$file" || {
        all=no
        break
      }
    done
    [[ $all == no ]] || return 0
    warn 'gh CLI download failed (auth may not be configured) — falling back to curl'
    rm -rf "${DOWNLOADS:?}"/*
  fi
  # A status of curl ends the script with it.
  for file in $files; do fetch_with_curl "$1" "$file"; done
}

# --- verification ----------------------------------------------------------------------------------------------------

sha256_check() { # reads checksum lines
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum -c -
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 -c -
  else
    fail 'No SHA-256 tool available (sha256sum/shasum)'
  fi
}

checksum_line_of() { # asset: what the release says of it, for sha256sum; nothing when it says nothing
  local sum name
  while read -r sum name; do
    [[ ${name#\*} != "$1" ]] || printf '%s  %s\n' "$sum" "$1"
  done <"$DOWNLOADS/$(checksum_file_of "$1")"
}

verify_asset() { # asset
  (cd "$DOWNLOADS" && checksum_line_of "$1" | sha256_check) || fail "SHA-256 checksum verification failed for $1"
}

verify_release() {
  local asset
  info 'Verifying SHA-256 checksum...'
  for asset in $ASSETS; do verify_asset "$asset"; done
}

# --- installation ----------------------------------------------------------------------------------------------------

unpack_release() {
  local asset
  for asset in $ASSETS; do tar xzf "$DOWNLOADS/$asset" -C "$DOWNLOADS"; done
}

# The active openshell is replaced where it lies; otherwise the system's directory, otherwise the user's own.
choose_target() {
  local active=''
  TARGET_KIND=plain
  [[ -z $INSTALLED_AT ]] || active=$(dirname "$INSTALLED_AT")
  if [[ -n $active && -w $active ]]; then
    TARGET=$active
  elif [[ -w /usr/local/bin ]]; then
    TARGET=/usr/local/bin
  elif [[ ! -t 0 || ${NEMOCLAW_NON_INTERACTIVE:-} == 1 ]]; then
    TARGET=${XDG_BIN_HOME:-$HOME/.local/bin}
    TARGET_KIND=user-local
    mkdir -p "$TARGET"
  else
    TARGET=/usr/local/bin
    TARGET_KIND=sudo
  fi
}

install_binary() { # name
  if [[ $TARGET_KIND == sudo ]]; then
    sudo install -m 755 "$DOWNLOADS/$1" "$TARGET/$1"
  else
    install -m 755 "$DOWNLOADS/$1" "$TARGET/$1"
  fi
}

install_binaries() {
  local name
  install_binary openshell
  for name in openshell-gateway openshell-sandbox openshell-driver-vm; do
    [[ ! -f $DOWNLOADS/$name ]] || install_binary "$name"
  done
}

has_hypervisor_entitlement() { # binary
  local entitlements
  entitlements=$(codesign -d --entitlements :- "$1" 2>/dev/null || true)
  [[ $entitlements == *"$HYPERVISOR_ENTITLEMENT"* ]]
}

# Only a VM driver that came with this release is signed; on a Mac it cannot start virtual machines otherwise.
sign_vm_driver() {
  local driver=$TARGET/openshell-driver-vm entitlements=$DOWNLOADS/entitlements.plist
  [[ $OS == Darwin && -f $DOWNLOADS/openshell-driver-vm ]] || return 0
  command -v codesign >/dev/null 2>&1 || fail 'codesign is required to prepare openshell-driver-vm for macOS Hypervisor.framework.'
  if has_hypervisor_entitlement "$driver"; then return 0; fi
  info 'Signing openshell-driver-vm with the macOS Hypervisor entitlement...'
  cat >"$entitlements" <<PLIST
<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>$HYPERVISOR_ENTITLEMENT</key><true/></dict></plist>
PLIST
  codesign --force --sign - --entitlements "$entitlements" "$driver" || fail 'Failed to sign openshell-driver-vm with the macOS Hypervisor entitlement.'
  has_hypervisor_entitlement "$driver" || fail 'openshell-driver-vm was signed but the macOS Hypervisor entitlement was not present afterward.'
}

tell_user_local_path() {
  [[ $TARGET_KIND == user-local ]] || return 0
  warn "Installed openshell to $TARGET/openshell (user-local path)"
  warn "For future shells, run: export PATH=\"$TARGET:\$PATH\""
  warn 'Add that export to your shell profile, or open a new shell before using openshell directly.'
}

install_release() {
  local tag
  choose_assets
  tag=$(release_tag)
  info "Installing OpenShell from release '$tag'..."
  DOWNLOADS=$(mktemp -d)
  trap 'rm -rf "$DOWNLOADS"' EXIT
  download_release "$tag"
  verify_release
  unpack_release
  choose_target
  install_binaries
  sign_vm_driver
  tell_user_local_path
  require_rewrite_support "$TARGET/openshell"
  info "$("$TARGET/openshell" --version) installed"
}

main() {
  check_settings
  detect_platform
  find_installed
  accept_or_explain
  install_release
}

main
