#!/bin/sh
# Fetches the front-end packages named in tools/vendor.py again and rewrites static/vendor, tests/vendor and the lock.
# The only place where npm is needed: nothing of it runs in `make run` or `make test`.
set -eu
cd "$(dirname "$0")/.."
command -v npm >/dev/null || { echo "npm is missing. Run: sudo apt-get install npm" >&2; exit 1; }
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# npm checks each package against the registry's own integrity before it writes the file.
(cd "$work" && python3 "$here/tools/vendor.py" packages | xargs npm pack --silent --loglevel=error >/dev/null)
python3 tools/vendor.py unpack "$work"
