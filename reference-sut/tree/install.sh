#!/usr/bin/env bash
# Installs NemoClaw. In a source tree it hands over to that tree's installer; read from a pipe (curl … | bash) it fetches
# the release that was asked for and runs the installer in there.
# shellcheck source-path=SCRIPTDIR
set -euo pipefail

NEMOCLAW_GIT_URL=https://github.com/NVIDIA/NemoClaw.git
PAYLOAD_MARKER=NEMOCLAW_VERSIONED_INSTALLER_PAYLOAD=1

# The release to install: a tag, branch or commit.
wanted_ref() { printf '%s' "${NEMOCLAW_INSTALL_REF:-${NEMOCLAW_INSTALL_TAG:-latest}}"; }

show_help() {
  cat <<'TEXT'
Usage: install.sh [--non-interactive] [--yes-i-accept-third-party-software] [--fresh] [--help] [--version]

  --non-interactive                     ask nothing
  --yes-i-accept-third-party-software   accept the licences of what is installed
  --fresh                               discard the session of an earlier onboarding

Environment: NEMOCLAW_INSTALL_REF (or NEMOCLAW_INSTALL_TAG) names the release to install (default: latest).
TEXT
}

show_version() {
  local ref
  ref=$(wanted_ref)
  if [[ $ref == latest ]]; then echo nemoclaw-installer; else echo "nemoclaw-installer $ref"; fi
}

# Answers what needs neither network nor source.
answer_at_once() {
  local argument
  for argument in "$@"; do
    case $argument in
      --help | -h) show_help && exit 0 ;;
      --version | -V) show_version && exit 0 ;;
    esac
  done
}

fetch_release() { # ref directory
  git init --quiet "$2"
  git -C "$2" remote add origin "$NEMOCLAW_GIT_URL"
  git -C "$2" fetch --quiet --depth 1 origin "$1"
  git -C "$2" checkout --quiet --detach FETCH_HEAD
}

run_fetched_installer() { # source ref arguments…
  local source=$1 ref=$2 payload=$1/scripts/install.sh
  shift 2
  # A release from before the payload has an installer that knows its own way.
  grep -q "$PAYLOAD_MARKER" "$payload" 2>/dev/null || payload=$source/install.sh
  NEMOCLAW_INSTALL_REF=$ref NEMOCLAW_INSTALL_TAG=$ref NEMOCLAW_BOOTSTRAP_PAYLOAD=1 bash "$payload" "$@"
}

bootstrap() {
  local ref directory
  ref=$(wanted_ref)
  directory=$(mktemp -d)
  # shellcheck disable=SC2064 # The directory of now is what is to go.
  trap "rm -rf '$directory'" EXIT
  fetch_release "$ref" "$directory/source"
  run_fetched_installer "$directory/source" "$ref" "$@"
}

main() {
  local here=''
  answer_at_once "$@"
  # Bash reads a piped script from no file at all.
  if [[ -n ${BASH_SOURCE[0]:-} && -f ${BASH_SOURCE[0]} ]]; then here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd); fi
  if [[ -n $here ]] && grep -q "$PAYLOAD_MARKER" "$here/scripts/install.sh" 2>/dev/null; then
    # shellcheck source=scripts/install.sh
    source "$here/scripts/install.sh"
    install_nemoclaw "$here" "$@"
  else
    bootstrap "$@"
  fi
}

# The last line: an installer whose download broke off does nothing.
main "$@"
