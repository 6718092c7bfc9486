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
  reach_from_login_shells
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

# A shell that the user opens tomorrow finds the commands too. Bash reads the first of these files that is there.
reach_from_login_shells() {
  local name profile=$HOME/.profile
  if login_shell_finds nemoclaw && login_shell_finds openshell; then return; fi
  for name in .bash_login .bash_profile; do
    [[ ! -f $HOME/$name ]] || profile=$HOME/$name
  done
  # shellcheck disable=SC2016 # Expanded by the shell that reads it.
  printf '\n# Added by the NemoClaw installer.\nexport PATH="$HOME/.local/bin:$PATH"\n' >>"$profile"
  info "Added $SHIM_DIRECTORY to PATH in $profile"
}

login_shell_finds() { # command
  env -i HOME="$HOME" TERM=dumb "$BASH" -l -c 'command -v "$1"' bash "$1" </dev/null >/dev/null 2>&1
}
