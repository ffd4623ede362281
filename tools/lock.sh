#!/bin/sh
# Writes the locks again from requirements*.in and package.json: exact versions and digests, never an address.
# Run it after changing a requirement; then `make setup` brings the environment in line.
set -eu
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/uv pip compile --quiet --no-emit-index-url --generate-hashes --no-header --python-version 3.11 \
    "$@"
}
compile requirements.in --output-file requirements.txt
compile requirements-dev.in --output-file requirements-dev.txt
compile requirements-assurance.in --output-file requirements-assurance.txt
compile requirements-fuzz.in --output-file requirements-fuzz.txt
npm install --package-lock-only --no-progress
node tools/strip-lock.mjs
if grep -n '://' requirements.txt requirements-dev.txt requirements-assurance.txt requirements-fuzz.txt package-lock.json; then
  echo "an address got into a lock (see above)" >&2
  exit 1
fi
