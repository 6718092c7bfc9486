#!/bin/bash
# Entry point of a Hermes sandbox's image. As root it puts the state directory in order, runs the gateway as the user `gateway`, who
# can neither remove nor change the configuration, and forwards its port; with arguments it runs those as `sandbox` instead.
set -euo pipefail
# Nobody but owner and group: the gateway and the sandbox's user share a group.
umask 007
export HOME=/sandbox HERMES_HOME=/sandbox/.hermes
CONFIG_HASH=/etc/nemoclaw/hermes.config-hash
START_LOG=/tmp/nemoclaw-start.log
GATEWAY_LOG=/tmp/gateway.log
PUBLIC_PORT=8642
INNER_PORT=18642
. /opt/nemoclaw/hermes-layout.sh

say() {
  echo "$*" >&2
  echo "$*" >>"$START_LOG"
}

refuse() {
  say "[SECURITY] $*"
  exit 1
}

# Makes a log of `owner`'s anew. A link of that name, which anybody in /tmp could have made, is not followed.
fresh_log() { # file owner
  rm -f -- "$1"
  (umask 077 && set -o noclobber && : >"$1")
  chown -h "$2" "$1"
}

# Becomes `command`, run by `user` without any capability or a way to gain one.
become() { # user command...
  local user=$1
  shift
  exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups --inh-caps=-all --bounding-set=-all \
    --no-new-privs -- "$@"
}

launch_gateway() {
  fresh_log "$GATEWAY_LOG" gateway:sandbox
  become gateway hermes gateway run >>"$GATEWAY_LOG" 2>&1 </dev/null &
  gateway=$!
  say "[gateway] hermes gateway launched as 'gateway' user (pid $gateway)"
}

launch_forwarder() {
  python3 /opt/nemoclaw/forward-port.py "$PUBLIC_PORT" "$INNER_PORT" </dev/null &
  forwarder=$!
  say "[gateway] forwarder 0.0.0.0:$PUBLIC_PORT → 127.0.0.1:$INNER_PORT (pid $forwarder)"
}

announce() {
  say "[gateway] Hermes API: http://127.0.0.1:$PUBLIC_PORT/v1"
  say "[gateway] Health:     http://127.0.0.1:$PUBLIC_PORT/health"
  say "[gateway] Connect any OpenAI-compatible frontend to this endpoint."
}

# Lives as long as the gateway does, and ends with its status.
stay() {
  trap 'say "[gateway] received signal, forwarding to children..."; kill -TERM "$gateway" "$forwarder" 2>/dev/null || true' TERM INT
  local status
  # A signal ends the wait, not yet the gateway.
  until wait "$gateway"; status=$?; ! kill -0 "$gateway" 2>/dev/null; do :; done
  kill -TERM "$forwarder" 2>/dev/null || true
  exit "$status"
}

# One gateway is enough: a second start touches nothing of it, not even its logs.
leave_running_gateway() {
  echo "[gateway] Existing Hermes gateway process detected; preserving runtime lock state" >&2
  exit 1
}

start_as_root() {
  # Another release's command line names the program itself first.
  case "${1:-}" in nemoclaw-start | /usr/local/bin/nemoclaw-start) shift ;; esac
  if gateway_lives; then
    if [ "$#" -eq 0 ]; then leave_running_gateway; fi
    become sandbox "$@"
  fi
  fresh_log "$START_LOG" root:root
  say "Setting up NemoClaw (Hermes)..."
  check_layout
  check_config
  clean_stale_runtime_files
  repair_layout
  protect_config
  cd /sandbox
  if [ "$#" -gt 0 ]; then become sandbox "$@"; fi
  launch_gateway
  launch_forwarder
  announce
  stay
}

# Without root's rights there is nothing to repair and nobody to become.
start_as_user() {
  cd /sandbox
  case "${1:-}" in nemoclaw-start | /usr/local/bin/nemoclaw-start) shift ;; esac
  if [ "$#" -gt 0 ]; then exec "$@"; fi
  echo "[gateway] hermes gateway launched (pid $$)" >&2
  exec /usr/local/bin/nemoclaw-start-agent
}

if [ "$(id -u)" -eq 0 ]; then start_as_root "$@"; else start_as_user "$@"; fi
