#!/bin/sh
# Runs OpenClaw's gateway in the sandbox, as the sandbox user. Its log is the caller's to place.
set -eu
export HOME=/sandbox
cd /sandbox
# The token opens the gateway of this sandbox only. It is made here, at each start, and left where the agent's own command finds it: in a
# file that nobody else reads and no backup takes.
OPENCLAW_GATEWAY_TOKEN=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
export OPENCLAW_GATEWAY_TOKEN
umask 077
own=/sandbox/.openclaw/.env
{ [ ! -f "$own" ] || grep -v '^OPENCLAW_GATEWAY_TOKEN=' "$own" || true; } >"$own.new"
printf 'OPENCLAW_GATEWAY_TOKEN=%s\n' "$OPENCLAW_GATEWAY_TOKEN" >>"$own.new"
mv "$own.new" "$own"
umask 022
exec openclaw gateway run
