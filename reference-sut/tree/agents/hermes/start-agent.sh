#!/bin/sh
# Runs Hermes' gateway in the sandbox, as the sandbox user, with its API on 8642. Its log is the caller's to place.
set -eu
export HOME=/sandbox HERMES_HOME=/sandbox/.hermes
cd /sandbox
python3 /opt/nemoclaw/forward-port.py 8642 18642 &
exec hermes gateway run
