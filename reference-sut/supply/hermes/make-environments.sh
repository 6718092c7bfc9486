#!/bin/bash
# Runs inside a container of the agents' base, with the network: one virtual environment for each version named in the
# arguments, from its locked requirements, moved aside once complete because each has to be made at /opt/hermes.
set -euo pipefail
supply=$1
shift
python3 -m venv "$supply/tool"
"$supply/tool/bin/pip" install --quiet --no-cache-dir --require-hashes -r "$supply/requirements-uv.txt"
# uv does not read pip's configuration; a machine that names its index there means it for us as well.
if [ -z "${UV_DEFAULT_INDEX:-}" ]; then
  index=${PIP_INDEX_URL:-$("$supply/tool/bin/pip" config get global.index-url 2>/dev/null || true)}
  if [ -n "$index" ]; then export UV_DEFAULT_INDEX=$index; fi
fi
export UV_CACHE_DIR=$supply/cache
for version in "$@"; do
  echo "installing Hermes $version"
  "$supply/tool/bin/uv" venv --quiet --python /usr/bin/python3 /opt/hermes
  "$supply/tool/bin/uv" pip install --quiet --python /opt/hermes/bin/python --require-hashes \
    --requirements "$supply/requirements-$version.txt"
  mkdir -p "$supply/$version"
  mv /opt/hermes "$supply/$version/hermes"
done
