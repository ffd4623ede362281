#!/usr/bin/env bash
# Sets up everything a fresh clone needs: Python environment, npm packages, compiler, contracts, pages.
# Each step keeps a digest of what it was made from and is skipped while that hasn't changed.
#
#   tools/setup.sh                       all steps
#   tools/setup.sh python node …         only these
#   PYTHON=/path/to/python3.11           interpreter, default: python3.11 or python3
set -euo pipefail
cd "$(dirname "$0")/.."
stamps=.cache/stamps
mkdir -p "$stamps"
# two set-ups at once (`make test` beside `make demo`) would tear each other's environment apart
exec 9>.cache/setup.lock
flock 9

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

# digest FILE-OR-FOLDER…: of names and contents; what doesn't exist counts as empty
digest() {
  local path
  for path in "$@"; do
    [ ! -e "$path" ] || find "$path" -type f ! -name '*.pyc' ! -path '*/static/dist/*' -print0
  done | sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
}

# step NAME WHAT PROOF FUNCTION INPUT…: runs FUNCTION unless NAME was made from the same inputs and PROOF exists
step() {
  local name=$1 what=$2 proof=$3 run=$4 wanted status=0 started=$SECONDS
  shift 4
  wanted=$(digest "$@")
  if [ -e "$proof" ] && [ "$(cat "$stamps/$name" 2>/dev/null)" = "$wanted" ]; then
    return 0
  fi
  rm -f "$stamps/$name"
  printf 'setup: %s …\n' "$what"
  set +e # not `if "$run"`: that would switch errexit off inside
  (set -e; "$run") >".cache/setup-$name.log" 2>&1 9>&-
  status=$?
  set -e
  if [ "$status" -ne 0 ]; then
    tail -n 40 ".cache/setup-$name.log" >&2
    fail "$what failed; all output is in .cache/setup-$name.log"
  fi
  grep -E '^  (compiler|note):' ".cache/setup-$name.log" || true
  printf '%s\n' "$wanted" >"$stamps/$name"
  printf 'setup: %s, %d s\n' "$what" "$((SECONDS - started))"
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.11 python3; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

make_python() {
  local python
  python=$(find_python) || fail "Python 3.11 is needed; name it with PYTHON=/path/to/python3.11"
  if ! .venv/bin/python -c '' 2>/dev/null; then
    "$python" -m venv --clear .venv || fail "no virtual environment; on Debian: apt-get install python3-venv"
  fi
  if ! .venv/bin/uv --version 2>/dev/null; then
    # uv installs the rest some ten times faster; its own digest comes from the lock too
    sed -n '/^uv==/,/^[^ ]/{/^uv==/p;/^    --hash/p}' requirements-dev.txt >.cache/uv.txt
    .venv/bin/python -m pip install --quiet --require-hashes --requirement .cache/uv.txt
  fi
  if ! .venv/bin/uv pip sync --compile-bytecode --python .venv/bin/python --require-hashes requirements-dev.txt; then
    echo "  note: uv could not install (it doesn't read pip's configuration); pip does it, slower"
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip
    .venv/bin/python -m pip install --require-hashes --requirement requirements-dev.txt
  fi
  .venv/bin/uv pip install --python .venv/bin/python --offline --no-deps --no-build-isolation --editable .
}

make_node() {
  command -v npm >/dev/null || fail "Node 20 or newer with npm is needed"
  node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || fail "Node 20 or newer is needed, not $(node --version)"
  npm ci --no-progress
}

make_solc() { tools/setup-solc.sh; }

make_contracts() {
  # all of them: Brownie 1.22.2 forgets what inherits from a contract whose library changed
  tools/brownie compile --all
  # the ABIs that the app reads; Brownie rebuilds nothing here
  [ ! -e scripts/export.py ] || tools/brownie run export --silent
}

make_browser() { node app/browser/build.mjs; }

for name in "${@:-all}"; do
  case $name in
    all | python | node | solc | contracts | browser) ;;
    *) fail "unknown step '$name'" ;;
  esac
done
wants() { [[ " ${*:2} " == *" $1 "* || " ${*:2} " == *" all "* ]]; }
chosen=("${@:-all}")

if wants python "${chosen[@]}"; then
  step python "Python environment" .venv/bin/consentry make_python requirements-dev.txt pyproject.toml
fi
if wants node "${chosen[@]}"; then
  step node "npm packages" node_modules/.package-lock.json make_node package.json package-lock.json .npmrc
fi
if wants solc "${chosen[@]}"; then
  step solc "Solidity compiler" .cache/solcx/solc-v0.8.37 make_solc tools/setup-solc.sh
fi
if wants contracts "${chosen[@]}" && [ -d contracts ]; then
  step contracts "contracts and their ABIs" build/contracts make_contracts contracts brownie-config.yaml scripts/export.py
fi
if wants browser "${chosen[@]}" && [ -e app/browser/build.mjs ]; then
  step browser "pages" app/consentry/gateway/static/dist make_browser app/browser package-lock.json
fi
