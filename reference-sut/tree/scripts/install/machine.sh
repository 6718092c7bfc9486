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
Three ways to proceed:
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

require_docker() {
  command -v docker >/dev/null || fail 'Docker is not installed. Install Docker Engine and run the installer again.'
  docker version --format '{{.Server.Version}}' >/dev/null 2>&1 && return
  fail 'Docker is installed but not reachable. Try: systemctl start docker'
}

# Release a comes before release b.
is_below() { # a b
  [[ $1 != "$2" && $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]
}

require_node() { # payload root
  local minimum found
  command -v node >/dev/null || fail 'Node.js was not found on PATH.'
  found=$(node --version)
  info "Node.js found: $found"
  minimum=$(node -p 'require(process.argv[1]).engines.node.replace(/[^0-9.]/g, "")' "$1/package.json")
  if is_below "${found#v}" "$minimum"; then fail "NemoClaw requires Node.js >=$minimum; $found is too old."; fi
  info "Runtime OK: Node.js $found"
}

require_git() { command -v git >/dev/null || fail 'git was not found on PATH.'; }
