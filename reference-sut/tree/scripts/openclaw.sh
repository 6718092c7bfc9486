#!/bin/sh
# OpenClaw, as it is called in a sandbox. When its own installer of plugins is killed, a half-made copy stays among the plugins.
# OpenClaw then takes it for a plugin that is broken, finds its configuration invalid, and installs nothing any more; so what was
# left is put away before the next installation begins. Some faults of a plugin it finds only once the old version is gone: so
# what stood before is kept until an installation has ended well, and put back where it has not.
set -eu

state=${OPENCLAW_STATE_DIR:-${HOME:-/sandbox}/.openclaw}
extensions=$state/extensions
before=$state/.plugins-before
openclaw=/usr/local/lib/node_modules/openclaw/openclaw.mjs

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

# Whole under its name, or not there at all.
keep_before() {
  rm -rf "$before.next"
  mkdir "$before.next"
  cp -a "$extensions" "$before.next/extensions"
  # Closed like the original, nobody could remove it again.
  chmod u+rwx "$before.next/extensions"
  [ ! -f "$state/openclaw.json" ] || cp -p "$state/openclaw.json" "$before.next/openclaw.json"
  mv "$before.next" "$before"
}

# What is as it was stays untouched: the directory may be closed. Interrupted, it is done again before the next change.
put_before_back() {
  [ -d "$before" ] || return 0
  diff -rq --no-dereference "$before/extensions" "$extensions" >/dev/null 2>&1 || {
    find "$extensions" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
    cp -a "$before/extensions/." "$extensions/"
  }
  [ ! -f "$before/openclaw.json" ] || cmp -s "$before/openclaw.json" "$state/openclaw.json" ||
    cp -p "$before/openclaw.json" "$state/openclaw.json"
  rm -rf "$before"
}

install_plugin() {
  keep_before
  status=0
  "$openclaw" "$@" || status=$?
  if [ "$status" -eq 0 ]; then rm -rf "$before"; else put_before_back; fi
  exit "$status"
}

if [ "${1:-}" = plugins ]; then
  lock_plugins
  put_before_back
  put_backups_back
  clear_stages
  if [ "${2:-}" = install ]; then install_plugin "$@"; fi
fi
exec "$openclaw" "$@"
