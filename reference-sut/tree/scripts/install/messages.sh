# shellcheck shell=bash
# What the installer says.

info() { printf '[INFO]  %s\n' "$1"; }
warn() { printf '[WARN]  %s\n' "$1"; }
fail() {
  printf '[ERROR] %s\n' "$1" >&2
  exit 1
}

title() {
  printf '\n%s\n' "$1"
  printf '─%.0s' {1..60}
  printf '\n'
}

is_hermes() { [[ ${NEMOCLAW_AGENT:-openclaw} == hermes ]]; }

show_banner() {
  local agent=OpenClaw release=''
  is_hermes && agent=Hermes
  if [[ -n ${NEMOCLAW_INSTALL_REF:-} && $INSTALL_REF != latest ]]; then release=" v${INSTALL_REF#v}"; fi
  printf '\n  NemoClaw%s\n  Launch %s in an OpenShell sandbox.\n' "$release" "$agent"
}
