#!/bin/sh
# Runs OpenClaw's gateway in the sandbox, as the sandbox user. Its log is the caller's to place.
set -eu
export HOME=/sandbox
cd /sandbox
# The token opens the dashboard of this sandbox only. It is made here, at each start, and is in no file and no argument.
OPENCLAW_GATEWAY_TOKEN=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
export OPENCLAW_GATEWAY_TOKEN
exec openclaw gateway run
