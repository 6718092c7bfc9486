# shellcheck shell=bash
# NemoClaw's source, the commands in it, and OpenShell.

install_source() { # payload root
  require_git
  if [[ -d $1/.git && ${NEMOCLAW_BOOTSTRAP_PAYLOAD:-} != 1 ]]; then
    info 'NemoClaw package.json found in the selected source checkout — installing from source…'
    build_and_link "$1"
    return
  fi
  info 'Installer payload is not a persistent source checkout — installing from GitHub…'
  info "Resolved install ref: $INSTALL_REF"
  info 'Cloning NemoClaw source'
  clone_source
  build_and_link "$INSTALLED_SOURCE"
}

clone_source() {
  rm -rf "$INSTALLED_SOURCE"
  mkdir -p "$NEMOCLAW_HOME"
  chmod 700 "$NEMOCLAW_HOME"
  git init --quiet "$INSTALLED_SOURCE"
  git -C "$INSTALLED_SOURCE" remote add origin "$NEMOCLAW_GIT_URL"
  git -C "$INSTALLED_SOURCE" fetch --quiet --depth 1 origin "$INSTALL_REF"
  git -C "$INSTALLED_SOURCE" checkout --quiet --detach FETCH_HEAD
  # Tags only serve to show a version.
  git -C "$INSTALLED_SOURCE" fetch --quiet --depth=1 origin 'refs/tags/v*:refs/tags/v*' 2>/dev/null || true
}

build_and_link() { # source
  info 'Installing NemoClaw dependencies'
  check_prebuilt "$1"
  info 'Linking NemoClaw CLI'
  link_cli "$1"
  info 'Installing OpenShell CLI'
  bash "$1/scripts/install-openshell.sh"
  verify_cli
  reach_from_shells
}

# The commands come built, dependencies included: what is left to find out is whether this Node runs them.
check_prebuilt() { # source
  info 'Building NemoClaw CLI modules'
  [[ -x $1/bin/nemoclaw ]] || fail "This release has no bin/nemoclaw in $1."
  node "$1/bin/nemoclaw" --version >/dev/null || fail "The nemoclaw of this release does not run on Node.js $(node --version)."
}

link_cli() { # source
  mkdir -p "$SHIM_DIRECTORY"
  ln -sfn "$1/bin/nemoclaw" "$SHIM_DIRECTORY/nemoclaw"
  info "Created user-local shim at $SHIM_DIRECTORY/nemoclaw"
  export PATH="$SHIM_DIRECTORY:$PATH"
}

verify_cli() {
  hash -r
  info "Verified: nemoclaw is available at $(command -v nemoclaw)"
  command -v openshell >/dev/null || fail 'OpenShell was installed, but there is no openshell on PATH.'
}

# A shell that the user opens tomorrow finds the commands too. A login bash reads the first of three files that is there, one in a
# terminal .bashrc, and zsh .zshrc.
reach_from_shells() {
  local name profile=$HOME/.profile
  for name in .bash_login .bash_profile; do
    [[ ! -f $HOME/$name ]] || profile=$HOME/$name
  done
  finds "$BASH" -l || add_to_path "$profile"
  finds "$BASH" -i || add_to_path "$HOME/.bashrc"
  if [[ ${SHELL:-} == */zsh || -f $HOME/.zshrc ]]; then add_to_path "$HOME/.zshrc"; fi
}

finds() { # shell option
  env -i HOME="$HOME" TERM=dumb "$1" "$2" -c 'command -v nemoclaw && command -v openshell' </dev/null >/dev/null 2>&1
}

add_to_path() { # startup file
  # shellcheck disable=SC2016 # Expanded by the shell that reads it.
  local line='export PATH="$HOME/.local/bin:$PATH"'
  ! grep -qxF "$line" "$1" 2>/dev/null || return 0
  printf '\n# Added by the NemoClaw installer.\n%s\n' "$line" >>"$1"
  info "Added $SHIM_DIRECTORY to PATH in $1"
}
