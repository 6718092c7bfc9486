# Sourced by the entry point: what the state directory has to look like before the gateway may use it. Runs as root in directories
# that the sandbox's user can write, so nothing here follows a link.

# Directories below HERMES_HOME that Hermes expects.
HERMES_DIRECTORIES=(hooks image_cache audio_cache logs logs/curator memories sessions skills plugins cron cache pairing plans
  profiles skins workspace platforms weixin)
# Files that live in runtime/, where a backup looks for them, and are looked for in HERMES_HOME.
RUNTIME_FILES=(state.db gateway.lock gateway_state.json channel_directory.json)

check_layout() {
  if [ -L "$HERMES_HOME" ]; then refuse "hermes: refusing migration because $HERMES_HOME is a symlink"; fi
  local directory
  for directory in runtime "${HERMES_DIRECTORIES[@]}"; do
    directory=$HERMES_HOME/$directory
    if [ -L "$directory" ]; then refuse "Refusing Hermes layout repair because $directory is a symlink"; fi
    if [ -e "$directory" ] && [ ! -d "$directory" ]; then
      refuse "Refusing Hermes layout repair because $directory is not a directory"
    fi
  done
}

# The digests were taken when the image was built, and lie where only root writes.
check_config() {
  if [ ! -f "$CONFIG_HASH" ]; then
    refuse "Config hash file missing ($CONFIG_HASH) — refusing to start without integrity verification"
  fi
  local uid mode
  uid=$(stat -c %u "$CONFIG_HASH")
  mode=$(stat -c %a "$CONFIG_HASH")
  if [ "$uid" != 0 ]; then refuse "Config hash file $CONFIG_HASH is owned by uid $uid, expected root (uid 0)"; fi
  if [ $((0$mode & 0222)) -ne 0 ]; then refuse "Config hash file $CONFIG_HASH has writable mode $mode, expected no write bits"; fi
  if ! sha256sum --check --status --strict "$CONFIG_HASH"; then
    refuse "Config integrity check FAILED in $HERMES_HOME — config may have been tampered with"
  fi
}

# A process of the gateway's own user that runs it. What PID file and lock say of it is no proof, either way.
gateway_lives() {
  pgrep --euid gateway --full 'hermes gateway run' >/dev/null
}

# No gateway runs, so whatever says that one does is stale. Left there, it keeps the new one from starting: in a sticky
# directory the gateway cannot remove another user's file.
clean_stale_runtime_files() {
  remove_stale_runtime_pid
  remove_stale_legacy_pid
  remove_stale_lock
}

is_there() {
  [ -e "$1" ] || [ -L "$1" ]
}

remove_stale_runtime_pid() {
  local file=$HERMES_HOME/runtime/gateway.pid
  is_there "$file" || return 0
  say "[gateway] Removing stale Hermes runtime PID file: $file"
  rm -rf -- "$file"
}

remove_stale_legacy_pid() {
  local file=$HERMES_HOME/gateway.pid
  if [ -L "$file" ]; then
    say "[gateway] Removing unsafe stale Hermes legacy PID file symlink: $file"
  elif [ -e "$file" ]; then
    say "[gateway] Removing stale Hermes legacy PID file: $file"
  fi
  # Whatever lies there, a directory too.
  rm -rf -- "$file"
}

remove_stale_lock() {
  local file=$HERMES_HOME/runtime/gateway.lock
  is_there "$file" || return 0
  say "[gateway] Removing stale Hermes lock file: $file"
  rm -rf -- "$file"
}

repair_layout() {
  repair_root
  repair_runtime
  repair_directories
  link_runtime_files
}

# Group-writable for the gateway's own files; sticky, so that it removes no others; setgid, so that the group stays.
repair_root() {
  chown -h sandbox:sandbox "$HERMES_HOME"
  chmod 3770 "$HERMES_HOME"
}

repair_runtime() {
  mkdir -p "$HERMES_HOME/runtime"
  chown -h gateway:sandbox "$HERMES_HOME/runtime"
  chmod 2770 "$HERMES_HOME/runtime"
}

repair_directories() {
  local directory
  for directory in "${HERMES_DIRECTORIES[@]}"; do
    directory=$HERMES_HOME/$directory
    # A new one hands its group on; one that is there keeps that as it is.
    [ -d "$directory" ] || mkdir -m 2770 "$directory"
    chown -h sandbox:sandbox "$directory"
    chmod ug+rwx,o-rwx "$directory"
  done
}

link_runtime_files() {
  local name
  for name in "${RUNTIME_FILES[@]}"; do
    is_there "$HERMES_HOME/$name" && continue
    ln -s "runtime/$name" "$HERMES_HOME/$name"
    chown -h sandbox:sandbox "$HERMES_HOME/$name"
  done
}

# Readable for the gateway, through the group, and not writable.
protect_config() {
  local name
  for name in config.yaml .env; do
    if [ -L "$HERMES_HOME/$name" ]; then refuse "Refusing Hermes start because $HERMES_HOME/$name is a symlink"; fi
    chown -h sandbox:sandbox "$HERMES_HOME/$name"
    chmod 640 "$HERMES_HOME/$name"
  done
}
