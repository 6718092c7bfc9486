#!/bin/sh
# OpenClaw, as it is called in a sandbox. When its own installer of plugins is killed, a half-made copy stays among the plugins.
# OpenClaw then takes it for a plugin that is broken, finds its configuration invalid, and installs nothing any more; so what was
# left is put away before the next installation begins.
set -eu

state=${OPENCLAW_STATE_DIR:-${HOME:-/sandbox}/.openclaw}
extensions=$state/extensions

# The lock lasts as long as OpenClaw runs: what belongs to an installation under way is never put away.
lock_plugins() {
  exec 9>/tmp/nemoclaw-plugins.lock
  flock -n 9 || { echo 'Another change of plugins is under way.' >&2; exit 75; }
}

# A plugin that was moved aside and never replaced goes back to its place.
put_backups_back() {
  for backup in "$extensions"/.openclaw-install-backups/*-[0-9]*; do
    [ -d "$backup" ] || continue
    name=${backup##*/}
    plugin=$extensions/${name%-*}
    if [ -e "$plugin" ]; then rm -rf "$backup"; else mv "$backup" "$plugin"; fi
  done
}

clear_stages() {
  rm -rf "$extensions"/.openclaw-install-stage-*
}

if [ "${1:-}" = plugins ]; then
  lock_plugins
  put_backups_back
  clear_stages
fi
exec /usr/local/lib/node_modules/openclaw/openclaw.mjs "$@"
