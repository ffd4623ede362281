#!/usr/bin/env bash
# Puts tools that can't live with ours into an environment of their own: .cache/NAME, made from requirements-NAME.txt and kept
# while that doesn't change. Prints nothing when there is nothing to do.
#
#   tools/environment.sh assurance     slither and halmos
#   tools/environment.sh fuzz          schemathesis
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1
requirements=requirements-$name.txt
home=.cache/$name
mkdir -p .cache
exec 9>"$home.lock"
flock 9
wanted=$(sha256sum <"$requirements")
[ "$(cat "$home/made-from" 2>/dev/null)" != "$wanted" ] || exit 0
printf '%s: tools in an environment of their own …\n' "$name"
started=$SECONDS
.venv/bin/python -m venv --clear "$home"
if ! .venv/bin/uv pip sync --quiet --python "$home/bin/python" --require-hashes "$requirements"; then
  "$home/bin/python" -m pip install --quiet --require-hashes --requirement "$requirements"
fi
printf '%s\n' "$wanted" >"$home/made-from"
printf '%s: ready, %d s\n' "$name" "$((SECONDS - started))"
