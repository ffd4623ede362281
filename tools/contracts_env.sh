#!/usr/bin/env bash
# Puts slither and halmos where the deep checks look for them: .cache/assurance, an environment of its own, made from
# requirements-assurance.txt and kept while that doesn't change. Prints nothing when there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."
home=.cache/assurance
exec 9>.cache/assurance.lock
flock 9
wanted=$(sha256sum <requirements-assurance.txt)
[ "$(cat "$home/made-from" 2>/dev/null)" != "$wanted" ] || exit 0
printf 'assurance: slither and halmos, in an environment of their own …\n'
started=$SECONDS
.venv/bin/python -m venv --clear "$home"
if ! .venv/bin/uv pip sync --quiet --python "$home/bin/python" --require-hashes requirements-assurance.txt; then
  "$home/bin/python" -m pip install --quiet --require-hashes --requirement requirements-assurance.txt
fi
printf '%s\n' "$wanted" >"$home/made-from"
printf 'assurance: ready, %d s\n' "$((SECONDS - started))"
