/**
 * The main program of a sandbox's container, as POSIX sh because not every agent image has Node. It runs the
 * payload once in the life of the container (a restarted sandbox comes back without its agent until someone starts it),
 * keeps the payload's exit status in a file, and then idles so that commands can be executed.
 * `exec sleep` at the end lets SIGTERM end the container at once.
 */
export const supervisorEntry = `
status=/tmp/.openshell-payload-status
if [ ! -e "$status" ] && [ "$#" -gt 0 ]; then
  : > "$status"
  "$@" &
  payload=$!
  trap 'kill -TERM "$payload" 2>/dev/null; wait "$payload"; exit 143' TERM INT
  wait "$payload"
  echo "$?" > "$status"
  trap - TERM INT
fi
exec sleep infinity
`.trim();
