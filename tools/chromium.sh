#!/usr/bin/env bash
# Prints the path of the Chromium that browser tests use: $CONSENTRY_CHROMIUM or the first one on PATH.
# With --install, Debian's package is installed first if none is there, and a font of Chinese: boxes have other widths than
# characters. Exit code 1: there is none.
set -euo pipefail

find_chromium() {
  local name
  for name in "${CONSENTRY_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name"; then return 0; fi
  done
  return 1
}

if ! find_chromium >/dev/null && [ "${1:-}" = --install ] && command -v apt-get >/dev/null; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  export DEBIAN_FRONTEND=noninteractive
  { "${as_root[@]}" apt-get update -q && "${as_root[@]}" apt-get install -qy --no-install-recommends chromium fonts-noto-cjk; } >&2
fi
find_chromium
