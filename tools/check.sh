#!/usr/bin/env bash
# What should pass before each commit: form, types, layering, pure tests. Reports everything, not only the first.
#
#   tools/check.sh          all of it
#   tools/check.sh forms    without the tests, which `make test` runs anyway
set -uo pipefail
cd "$(dirname "$0")/.." || exit
failed=()

run() {
  local name=$1 started=$SECONDS
  shift
  printf -- '--- %s\n' "$name"
  "$@" || failed+=("$name")
  printf -- '    %d s\n' "$((SECONDS - started))"
}

run format .venv/bin/ruff format --check .
run lint .venv/bin/ruff check .
run types .venv/bin/mypy
run links .venv/bin/python tools/check_links.py
pure=()
if [ "${1:-}" != forms ]; then pure=(tests/meta tests/app/domain tests/app/crypto tests/app/fhir); fi
[ ${#pure[@]} -eq 0 ] || run 'pure tests' .venv/bin/python -m pytest -q "${pure[@]}"

if [ ${#failed[@]} -gt 0 ]; then
  printf 'check failed: %s\n' "${failed[*]}" >&2
  exit 1
fi
echo 'check passed'
