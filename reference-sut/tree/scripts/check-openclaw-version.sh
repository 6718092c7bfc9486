#!/bin/sh
# Refuses a base image whose OpenClaw is below the blueprint's minimum, or is not the release that was asked for.
# usage: check-openclaw-version.sh <asked release> <blueprint.yaml>
set -eu
asked=$1
blueprint=$2

minimum=$(sed -n 's/^min_openclaw_version:[[:space:]]*"\{0,1\}\([0-9][0-9.]*\)"\{0,1\}[[:space:]]*\(#.*\)\{0,1\}$/\1/p' "$blueprint" | head -n 1)
if [ -z "$minimum" ]; then
  echo "ERROR: $blueprint names no min_openclaw_version; it must, as X.Y.Z." >&2
  exit 1
fi
# The first line can be a warning of the runtime, so the version is looked for in every line.
found=$(openclaw --version 2>&1 | sed -n 's/.*OpenClaw[[:space:]]\{1,\}\([0-9][0-9.]*\).*/\1/p' | head -n 1)
if [ -z "$found" ]; then
  echo "ERROR: 'openclaw --version' printed no version in this image." >&2
  exit 1
fi
if [ "$found" != "$asked" ]; then
  echo "ERROR: OpenClaw $asked was asked for, but the image holds $found." >&2
  exit 1
fi
lowest=$(printf '%s\n%s\n' "$minimum" "$found" | sort -V | head -n 1)
if [ "$lowest" != "$minimum" ]; then
  echo "ERROR: OpenClaw $found is below the minimum $minimum that blueprint.yaml sets (min_openclaw_version)." >&2
  exit 1
fi
echo "OpenClaw $found (minimum $minimum)"
