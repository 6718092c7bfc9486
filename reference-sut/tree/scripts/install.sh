#!/usr/bin/env bash
# The installer of this release. install.sh of a source tree sources it; a bootstrap runs it.
# NEMOCLAW_VERSIONED_INSTALLER_PAYLOAD=1
# shellcheck source-path=SCRIPTDIR
set -euo pipefail

NEMOCLAW_GIT_URL=${NEMOCLAW_GIT_URL:-https://github.com/NVIDIA/NemoClaw.git}
NEMOCLAW_HOME=${NEMOCLAW_HOME:-$HOME/.nemoclaw}
INSTALLED_SOURCE=$NEMOCLAW_HOME/source
SHIM_DIRECTORY=$HOME/.local/bin
INSTALL_REF=${NEMOCLAW_INSTALL_REF:-${NEMOCLAW_INSTALL_TAG:-latest}}
NON_INTERACTIVE=${NEMOCLAW_NON_INTERACTIVE:-}
ACCEPTED=${NEMOCLAW_ACCEPT_THIRD_PARTY_SOFTWARE:-}
FRESH=''

PAYLOAD_SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=install/messages.sh
source "$PAYLOAD_SCRIPTS/install/messages.sh"
# shellcheck source=install/machine.sh
source "$PAYLOAD_SCRIPTS/install/machine.sh"
# shellcheck source=install/gateway-upgrade.sh
source "$PAYLOAD_SCRIPTS/install/gateway-upgrade.sh"
# shellcheck source=install/source.sh
source "$PAYLOAD_SCRIPTS/install/source.sh"
# shellcheck source=install/onboarding.sh
source "$PAYLOAD_SCRIPTS/install/onboarding.sh"

parse_flags() {
  while (($# > 0)); do
    case $1 in
      --non-interactive) NON_INTERACTIVE=1 ;;
      --yes-i-accept-third-party-software) ACCEPTED=1 ;;
      --fresh) FRESH=1 ;;
      *)
        echo 'Usage: install.sh [--non-interactive] [--yes-i-accept-third-party-software] [--fresh]' >&2
        fail "Unknown option: $1"
        ;;
    esac
    shift
  done
}

# payload root, then the flags
install_nemoclaw() {
  local root=$1
  shift
  parse_flags "$@"
  show_banner
  require_consent
  require_docker
  title '[1/3] Node.js'
  require_node "$root"
  title '[2/3] NemoClaw CLI'
  prepare_existing_sandboxes
  install_source "$root"
  title '[3/3] Onboarding'
  if host_is_ready; then
    onboard
    title '=== Installation complete ==='
  else
    title '=== Installation complete ==='
    info 'Onboarding did not run.'
  fi
}

# Sourced, the caller goes on; run, this is the program.
if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  install_nemoclaw "$(dirname "$PAYLOAD_SCRIPTS")" "$@"
fi
