# shellcheck shell=bash
# Sandboxes that are there already, before OpenShell is replaced under them. Up to 0.0.36 the gateway is a container whose
# sandboxes a later OpenShell cannot take over: they are backed up, the gateway is retired, and they are recreated.

FIRST_HOST_GATEWAY=0.0.37
GATEWAY_NAME=${NEMOCLAW_GATEWAY_NAME:-nemoclaw}

# There from the end of the backup to the end of the upgrade. An upgrade that was interrupted between the two goes on: every sandbox is
# in a backup, and some of them may be nowhere else.
UPGRADE_NOTE=$NEMOCLAW_HOME/gateway-upgrade-under-way

registered_sandboxes() {
  local registry=$NEMOCLAW_HOME/sandboxes.json
  [[ -f $registry ]] || {
    echo 0
    return
  }
  node -p 'Object.keys(JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).sandboxes ?? {}).length' "$registry"
}

installed_openshell() {
  local text
  text=$(openshell --version 2>/dev/null || true)
  if [[ $text =~ ([0-9]+\.[0-9]+\.[0-9]+) ]]; then printf '%s' "${BASH_REMATCH[1]}"; else printf '0.0.0'; fi
}

can_back_up() {
  local help
  # Not piped into grep: one that has found its word hangs up, and nemoclaw would fail of that.
  help=$(nemoclaw --help 2>/dev/null) && [[ $help == *backup-all* ]]
}

# An earlier installation may have put its commands where this shell does not look. With sandboxes registered, none found is no
# new machine: their gateway could not be retired, nor they be backed up. And a program of that name need not be OpenShell's.
find_installed_commands() {
  command -v openshell >/dev/null || export PATH="$SHIM_DIRECTORY:$PATH"
  local found
  found=$(command -v openshell || true)
  if [[ -z $found ]]; then
    [[ ${NEMOCLAW_OPENSHELL_UPGRADE_PREPARED:-} == 1 ]] ||
      fail "Sandboxes are registered in $NEMOCLAW_HOME, and no openshell was found on PATH or in $SHIM_DIRECTORY. Put its directory on PATH and rerun the installer; nothing was changed."
  elif [[ ! $("$found" --version 2>/dev/null) =~ ^openshell\ [0-9]+\.[0-9]+\.[0-9]+ ]]; then
    fail "Sandboxes are registered in $NEMOCLAW_HOME, and $found, which is found first on PATH, is not OpenShell. Put OpenShell's directory before it and rerun the installer; nothing was changed."
  fi
}

prepare_existing_sandboxes() {
  local count version
  count=$(registered_sandboxes)
  [[ $count -gt 0 ]] || return 0
  find_installed_commands
  if [[ ${NEMOCLAW_SINGLE_SESSION:-} == 1 ]]; then
    fail "Aborting — NEMOCLAW_SINGLE_SESSION is set. Destroy existing sessions with 'nemoclaw <name> destroy' before reinstalling."
  fi
  version=$(installed_openshell)
  if ! is_below "$version" "$FIRST_HOST_GATEWAY"; then
    if [[ -f $UPGRADE_NOTE ]]; then
      # What runs now may be a sandbox whose state is not back yet: a backup of that would be the newest.
      info 'Going on with the OpenShell gateway upgrade that was interrupted; every sandbox is backed up.'
    else
      back_up_for_same_gateway "$count"
    fi
  elif [[ ${NEMOCLAW_OPENSHELL_UPGRADE_PREPARED:-} == 1 ]]; then
    info 'Using manually prepared OpenShell gateway upgrade state.'
  else
    require_upgrade_consent "$version"
    info "Accepted experimental OpenShell gateway upgrade for $count existing sandbox(es)."
    require_backup_command "$version"
    back_up_with_existing_cli "$count"
    printf '%s\n' "$version" >"$UPGRADE_NOTE"
    retire_gateway "$version"
  fi
}

back_up_for_same_gateway() { # count
  if ! command -v nemoclaw >/dev/null; then
    warn 'Existing sandbox sessions detected, but no usable nemoclaw CLI was found for pre-upgrade backup.'
    return
  fi
  info "Backing up $1 sandbox(es) before upgrading OpenShell…"
  nemoclaw backup-all && return
  fail "Pre-upgrade backup failed. Fix the OpenShell gateway state, rerun 'nemoclaw backup-all', then rerun the installer."
}

manual_upgrade_path() { # version
  cat >&2 <<TEXT
Existing NemoClaw sandbox state uses OpenShell $1.
This release brings a gateway that cannot take the old one's sandboxes over. The upgrade
  1. backs every sandbox up with the nemoclaw that is installed now,
  2. retires the old gateway with the openshell that is installed now,
  3. installs the current OpenShell and NemoClaw,
  4. recreates the sandboxes under the new gateway and restores their backups.
What a backup does not hold is lost with the old gateway.

Manual upgrade path:
  nemoclaw backup-all
  openshell gateway destroy -g $GATEWAY_NAME
  NEMOCLAW_OPENSHELL_UPGRADE_PREPARED=1 bash install.sh
TEXT
}

require_upgrade_consent() { # version
  [[ ${NEMOCLAW_ACCEPT_EXPERIMENTAL_OPENSHELL_UPGRADE:-} == 1 ]] && return
  manual_upgrade_path "$1"
  if [[ $NON_INTERACTIVE != 1 && -t 0 ]]; then
    local answer
    read -r -p 'Type upgrade to go on: ' answer
    [[ $answer == upgrade ]] && return
  fi
  fail 'OpenShell gateway upgrade requires explicit opt-in. Set NEMOCLAW_ACCEPT_EXPERIMENTAL_OPENSHELL_UPGRADE=1 to continue automatically, or run the manual commands above.'
}

require_backup_command() { # version
  command -v nemoclaw >/dev/null ||
    fail 'Aborting before OpenShell gateway upgrade. Restore a working nemoclaw CLI or manually back up and retire the old gateway first.'
  can_back_up && return
  warn "Existing sandbox sessions use OpenShell $1, but the current nemoclaw CLI does not support 'nemoclaw backup-all'."
  fail 'Aborting before OpenShell gateway upgrade. Existing gateway and sandboxes were left unchanged.'
}

back_up_with_existing_cli() { # count
  info "Backing up $1 sandbox(es) before upgrading OpenShell…"
  local output
  if output=$(nemoclaw backup-all); then
    printf '%s\n' "$output"
    # The gateway goes with every sandbox that is not in a backup.
    [[ $output == *"Pre-upgrade backup: $1 backed up, 0 failed, 0 skipped"* ]] && return
    warn "The backup does not hold each of the $1 registered sandboxes. Start those that were skipped, then rerun the installer."
  else
    printf '%s\n' "$output"
    warn 'Pre-upgrade backup with the existing nemoclaw CLI failed.'
  fi
  if [[ -f $UPGRADE_NOTE ]]; then
    warn 'An interrupted upgrade has begun to retire the gateway; going on with the backups that it made.'
    return
  fi
  fail 'Pre-upgrade backup failed. Aborting before retiring the legacy OpenShell gateway.'
}

retire_gateway() { # version
  info "Retiring OpenShell $1 gateway before installing current OpenShell…"
  # An interrupted upgrade may have come further than this.
  openshell gateway info -g "$GATEWAY_NAME" >/dev/null 2>&1 || return 0
  openshell gateway destroy -g "$GATEWAY_NAME"
}

end_gateway_upgrade() { rm -f "$UPGRADE_NOTE"; }
