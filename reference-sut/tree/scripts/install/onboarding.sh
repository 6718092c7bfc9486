# shellcheck shell=bash
# From installed commands to running sandboxes.

session_status() {
  local session=$NEMOCLAW_HOME/onboard-session.json
  [[ -f $session ]] || return 0
  node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).status ?? ""' "$session" 2>/dev/null || true
}

# Without an engine there is nothing to onboard; what is installed stays, and its owner comes back to it.
host_is_ready() {
  engine_answers && return
  warn 'Host preflight found issues that will prevent onboarding right now.'
  printf -- '- Start Docker: systemctl start docker\n'
  warn 'Skipping onboarding until the host prerequisites above are fixed.'
  return 1
}

onboard() {
  local arguments=(onboard --non-interactive --yes-i-accept-third-party-software --yes) existing
  existing=$(registered_sandboxes)
  if [[ $FRESH == 1 ]]; then
    info 'Starting a fresh onboarding session (--fresh).'
    arguments+=(--fresh)
  else
    case $(session_status) in
      failed)
        fail "Previous onboarding session failed. Re-run with --fresh to discard it, or run 'nemoclaw onboard --resume' to retry the same session."
        ;;
      in_progress)
        info 'Found an interrupted onboarding session — resuming it.'
        arguments+=(--resume)
        ;;
    esac
  fi
  if [[ $existing -gt 0 ]]; then
    warn 'Existing sandbox sessions detected. Onboarding may disrupt running agents.'
  fi
  info 'Running nemoclaw onboard…'
  nemoclaw "${arguments[@]}"
  end_gateway_upgrade
  if [[ $existing -gt 0 ]]; then
    info 'Checking for sandboxes that need upgrading…'
    nemoclaw upgrade-sandboxes --auto
  fi
}
