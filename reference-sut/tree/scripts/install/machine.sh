# shellcheck shell=bash
# What has to be there before anything is installed.

require_consent() {
  [[ $ACCEPTED == 1 ]] && NON_INTERACTIVE=1
  [[ $ACCEPTED == 1 ]] && return
  if [[ $NON_INTERACTIVE == 1 ]]; then
    fail 'Non-interactive installation requires explicit third-party software acceptance. Re-run with --yes-i-accept-third-party-software or set NEMOCLAW_ACCEPT_THIRD_PARTY_SOFTWARE=1.'
  fi
  if [[ ! -t 0 ]]; then
    cat >&2 <<'TEXT'
Three ways to proceed (#3058):
  - run the installer in a terminal
  - add --yes-i-accept-third-party-software
  - set NEMOCLAW_ACCEPT_THIRD_PARTY_SOFTWARE=1
TEXT
    fail 'Interactive third-party software acceptance requires a TTY.'
  fi
  local answer
  read -r -p 'A sandbox runs software that other parties publish under their own licences. Type yes to accept: ' answer
  [[ $answer == yes ]] || fail 'Not accepted; nothing was installed.'
  ACCEPTED=1
}

# A Mac's engine lives in an application that its user starts; everywhere else it has to answer now.
require_docker() {
  [[ $(uname -s) != Darwin ]] || return 0
  command -v docker >/dev/null || install_docker
  engine_answers || fail "Docker is installed but not reachable. $(what_helps)"
}

engine_answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# Why the engine cannot be used, as docker tells it, and what helps against that.
what_helps() {
  local reason
  reason=$(docker version --format '{{.Server.Version}}' 2>&1 >/dev/null) || true
  reason=${reason##*$'\n'}
  case $reason in
    *'permission denied'*) what_opens_the_socket ;;
    *'is too new. Maximum supported API version'* | *'is too old. Minimum supported API version'*)
      echo "Its engine and its command are of different age: $reason. Upgrade the older of the two; see docs.docker.com/engine/install" ;;
    '' | *'Cannot connect to the Docker daemon'*)
      if [[ -n ${DOCKER_HOST:-} ]]; then
        echo "DOCKER_HOST names $DOCKER_HOST, where no engine answers. Unset DOCKER_HOST to use this machine's engine."
      else
        echo 'Try: systemctl start docker'
      fi
      ;;
    *) echo "Its engine reports: $reason. Look at: journalctl -u docker; then try: systemctl restart docker" ;;
  esac
}

what_opens_the_socket() {
  local user
  user=$(id -un)
  if id -nG "$user" | tr ' ' '\n' | grep -qx docker; then
    echo "Permission denied: the docker group of '$user' is not active in this session yet. Run: newgrp docker (or log out and in again)"
  else
    echo "Permission denied: '$user' is not in the docker group. Try: sudo usermod -aG docker $user, then log out and in again"
  fi
}

install_docker() {
  local script
  info 'Docker is not installed.'
  info 'The next step uses sudo to install Docker system-wide via the official convenience script. You may be prompted for your password.'
  script=$(mktemp)
  download https://get.docker.com "$script" ||
    fail 'Failed to download the Docker convenience script from https://get.docker.com'
  sudo sh "$script" || fail 'The Docker convenience script failed.'
  rm -f "$script"
  hash -r
}

# Leaves nothing behind where it fails.
download() { # url file
  curl -fsSL "$1" -o "$2" && return
  rm -f "$2"
  return 1
}

# Release a comes before release b.
is_below() { # a b
  [[ $1 != "$2" && $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]
}

NVM_INSTALLER=https://raw.githubusercontent.com/nvm-sh/nvm/v0.40.3/install.sh

require_node() { # payload root
  local minimum found
  command -v node >/dev/null || fail 'Node.js was not found on PATH.'
  found=$(node --version)
  info "Node.js found: $found"
  minimum=$(node -p 'require(process.argv[1]).engines.node.replace(/[^0-9.]/g, "")' "$1/package.json")
  if is_below "${found#v}" "$minimum"; then
    warn "Node.js $found found but NemoClaw requires Node.js >=$minimum — upgrading via nvm…"
    upgrade_node "$minimum"
    found=$(node --version)
    ! is_below "${found#v}" "$minimum" || fail "NemoClaw requires Node.js >=$minimum; $found is too old."
  fi
  info "Runtime OK: Node.js $found"
}

upgrade_node() { # minimum
  local script
  script=$(mktemp)
  download "$NVM_INSTALLER" "$script" || fail 'Failed to download nvm installer'
  bash "$script" || fail 'The nvm installer failed.'
  rm -f "$script"
  # nvm is not written for a shell that stops at the first failure.
  set +eu
  # shellcheck disable=SC1091
  source "${NVM_DIR:-$HOME/.nvm}/nvm.sh"
  nvm install "$1"
  set -eu
  hash -r
}

require_git() { command -v git >/dev/null || fail 'git was not found on PATH.'; }
