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

OS=''               # Linux | Darwin
ARCHITECTURE=''     # x86_64 | aarch64
INSTALLED_AT=''     # path of the openshell on PATH, or empty
INSTALLED_TEXT=''   # what it prints as its version
INSTALLED_VERSION='' # X.Y.Z in that
HELPERS=''          # programs of the Docker driver, which belong beside openshell
ASSETS=''           # archives of the release, openshell's first
DOWNLOADS=''        # temporary directory
TARGET=''           # directory that the programs go to
TARGET_KIND=''      # plain | user-local | sudo

info() { printf '\033[0;32m[install]\033[0m %s\n' "$1"; }
warn() { printf '\033[1;33m[install]\033[0m %s\n' "$1"; }
fail_with() { # status message
  printf '\033[0;31m[install]\033[0m %s\n' "$2" >&2
  exit "$1"
}
fail() { fail_with 1 "$1"; }

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
    Linux) name=Linux HELPERS='openshell-gateway openshell-sandbox' ;;
    Darwin) name=macOS HELPERS=openshell-gateway ;;
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
  # What prints nothing may be a damaged OpenShell; what prints another name is another program, and stays.
  [[ -z $INSTALLED_TEXT || $INSTALLED_TEXT == openshell\ * ]] ||
    fail "$INSTALLED_AT, which is found first on PATH, is not OpenShell. Put another directory before it, then rerun the installer."
  INSTALLED_VERSION=$(release_number "$INSTALLED_TEXT")
}

has_driver_binaries() { # the helpers of the Docker driver beside the active openshell
  local name
  for name in $HELPERS; do
    [[ -f $(dirname "$INSTALLED_AT")/$name && -x $(dirname "$INSTALLED_AT")/$name ]] || return 1
  done
}

# An installation that was cut short, or put together by hand, leaves programs of several releases, which do not work together.
is_one_release() {
  local name text
  for name in $HELPERS; do
    text=$("$(dirname "$INSTALLED_AT")/$name" --version 2>/dev/null || true)
    [[ ${text##* } == "${INSTALLED_TEXT##* }" ]] || return 1
  done
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
    if ! is_dev_build || ! has_driver_binaries || ! is_one_release; then
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
  elif ! is_one_release; then
    warn "openshell $INSTALLED_VERSION has Docker-driver binaries of another release beside it — $reinstalling"
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

program_of() { # asset
  printf '%s\n' "${1%%-"$ARCHITECTURE"-*}"
}

checksum_file_of() { # asset: the file of the release that holds its checksum
  printf '%s-checksums-sha256.txt\n' "$(program_of "$1")"
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
  for file in $files; do
    fetch_with_curl "$1" "$file" || fail_with $? "$file of release '$1' could not be downloaded."
  done
}

# --- verification ----------------------------------------------------------------------------------------------------

# The digest is compared here: not every tool that computes one can check it as well, and what is missing must not pass.
sha256_of() { # file
  local line
  if command -v sha256sum >/dev/null 2>&1; then
    line=$(sha256sum "$1") || return 1
  elif command -v shasum >/dev/null 2>&1; then
    line=$(shasum -a 256 "$1") || return 1
  else
    fail 'No SHA-256 tool available (sha256sum/shasum)'
  fi
  printf '%s\n' "${line%% *}"
}

published_sum_of() { # asset: the one SHA-256 that the release publishes for it
  local file sum name found=''
  file=$(checksum_file_of "$1")
  while read -r sum name || [[ -n $sum ]]; do
    [[ ${name#\*} == "$1" ]] || continue
    [[ -z $found || $found == "$sum" ]] || fail "$file contains different checksums for $1."
    found=$sum
  done <"$DOWNLOADS/$file"
  [[ $found =~ ^[0-9a-f]{64}$ ]] || fail "$file contains no SHA-256 checksum for $1."
  printf '%s\n' "$found"
}

verify_asset() { # asset
  local expected actual
  expected=$(published_sum_of "$1") || exit
  actual=$(sha256_of "$DOWNLOADS/$1") || actual='not computed'
  if [[ $actual != "$expected" ]]; then
    info "$1: FAILED"
    fail "SHA-256 checksum verification failed for $1"
  fi
  info "$1: OK"
}

verify_release() {
  local asset
  info 'Verifying SHA-256 checksum...'
  for asset in $ASSETS; do verify_asset "$asset"; done
}

# --- installation ----------------------------------------------------------------------------------------------------

# A matching checksum does not make unpacking safe. The archive has one member, a regular file named as the program, and its contents
# alone are taken out: no path and no link of the archive has any effect.
unpack_asset() { # asset
  local archive=$DOWNLOADS/$1 name members details
  name=$(program_of "$1")
  members=$(tar -tzf "$archive") || fail "$1 cannot be read as an archive."
  details=$(tar -tvzf "$archive") || fail "$1 cannot be read as an archive."
  [[ $members == "$name" && $details == -* ]] || fail "$1 does not contain exactly the program $name."
  tar -xzOf "$archive" "$name" >"$DOWNLOADS/programs/$name" || fail "$1 cannot be unpacked."
}

unpack_release() {
  local asset
  mkdir "$DOWNLOADS/programs"
  for asset in $ASSETS; do unpack_asset "$asset"; done
}

is_interactive() { [[ -t 0 && ${NEMOCLAW_NON_INTERACTIVE:-} != 1 ]]; }

# The active openshell is replaced where it lies: put elsewhere, the new one would not be found. Without one, the programs go to the
# system's directory, otherwise to the user's own.
choose_target() {
  TARGET_KIND=plain
  if [[ -n $INSTALLED_AT ]]; then
    TARGET=$(dirname "$INSTALLED_AT")
  elif [[ -w /usr/local/bin ]] || is_interactive; then
    TARGET=/usr/local/bin
  else
    TARGET=${XDG_BIN_HOME:-$HOME/.local/bin}
    TARGET_KIND=user-local
    mkdir -p "$TARGET"
  fi
  [[ ! -w $TARGET ]] || return 0
  is_interactive || fail "$TARGET cannot be written, and holds the openshell to replace. Make it writable, or remove that openshell, then rerun the installer."
  TARGET_KIND=sudo
}

require_free_names() { # a directory of a program's name cannot be replaced by it
  local name
  for name in openshell $HELPERS; do
    [[ ! -d $TARGET/$name ]] || fail "$TARGET/$name is a directory. Remove it, then rerun the installer."
  done
}

in_target() { # command: with the rights that the target asks for
  if [[ $TARGET_KIND == sudo ]]; then sudo "$@"; else "$@"; fi
}

# All programs are copied before the first is replaced, so that a full disk changes nothing. Each is replaced at once, and openshell
# last: as long as it is the old one, the next run replaces them all.
install_programs() {
  local name
  for name in $HELPERS openshell; do
    in_target install -m 755 "$DOWNLOADS/programs/$name" "$TARGET/.$name.new" || fail "$TARGET/$name could not be written."
  done
  for name in $HELPERS openshell; do
    in_target mv -f "$TARGET/.$name.new" "$TARGET/$name" || fail "$TARGET/$name could not be replaced."
  done
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
  choose_target
  require_free_names
  tag=$(release_tag)
  info "Installing OpenShell from release '$tag'..."
  DOWNLOADS=$(mktemp -d)
  trap 'rm -rf "$DOWNLOADS"' EXIT
  download_release "$tag"
  verify_release
  unpack_release
  install_programs
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
