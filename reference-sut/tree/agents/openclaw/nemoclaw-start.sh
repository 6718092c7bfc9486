#!/bin/bash
# Entry point of the OpenClaw sandbox image. As root it makes the overrides of this one start, then gives every privilege up and
# becomes the payload.
set -euo pipefail

readonly state=/sandbox/.openclaw
readonly log=/tmp/nemoclaw-start.log

# What is printed is kept too. Both streams go through children, which end with the first process of the container: what they
# have not passed on by then is lost.
keep_log() {
  install -m 600 /dev/null "$log"
  exec > >(tee -a "$log") 2> >(tee -a "$log" >&2)
}

tell() {
  printf '%s\n' "$*" >&2
}

tell_integrity() {
  local why=missing
  [ ! -e "$state/.config-hash" ] || why='is not locked'
  tell "[config] Config integrity check skipped for mutable default ($state/.config-hash $why)"
}

# Without root the configuration is not ours to write.
ignore_overrides() {
  tell "[gateway] Running as non-root (uid=$(id -u)) — privilege separation disabled"
  if [ -n "${NEMOCLAW_MODEL_OVERRIDE:-}${NEMOCLAW_INFERENCE_API_OVERRIDE:-}" ]; then
    tell '[SECURITY] Model/inference overrides ignored — requires root (non-root mode cannot write to config)'
  fi
  if [ -n "${NEMOCLAW_CORS_ORIGIN:-}" ]; then
    tell '[SECURITY] NEMOCLAW_CORS_ORIGIN ignored — requires root (non-root mode cannot write to config)'
  fi
}

# Ends the start when an override is refused.
apply_overrides() {
  python3 -IS /opt/nemoclaw/apply-overrides.py "$state"
}

become_payload() {
  exec setpriv --reuid=sandbox --regid=sandbox --init-groups --inh-caps=-all --bounding-set=-all -- "$@"
}

start() {
  keep_log
  tell 'Setting up NemoClaw...'
  tell_integrity
  if [ "$(id -u)" != 0 ]; then
    ignore_overrides
    exec "$@"
  fi
  apply_overrides
  become_payload "$@"
}

start "$@"
