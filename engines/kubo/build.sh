#!/usr/bin/env bash
# Builds the IPFS node (Kubo) through the Go module proxy into .cache/engines/ipfs of the repository.
# A cold build takes about three minutes on two cores. A binary that is already there is kept unless the pins changed.
# CONSENTRY_ENGINES names another folder for the binary.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${CONSENTRY_ENGINES:-$(cd "$here/../.." && pwd)/.cache/engines}
binary=$out/ipfs
package=github.com/ipfs/kubo/cmd/ipfs
pins=$(cat "$here/go.mod" "$here/go.sum" | sha256sum | cut -d' ' -f1)

mkdir -p "$out"
# Two builders (`make kubo` beside a test run) would otherwise compile everything twice.
exec 9>"$out/.ipfs.lock"
flock 9

if [ -x "$binary" ] && [ "$(cat "$out/.ipfs.pins" 2>/dev/null || true)" = "$pins" ]; then
  echo "kubo: already built ($("$binary" version))"
  exit 0
fi
if ! command -v go >/dev/null; then
  echo "kubo: Go 1.26 or later is needed to build the IPFS node; install it, or use the embedded block store" >&2
  exit 1
fi

cd "$here"
echo "kubo: fetching modules, then compiling (about three minutes the first time)"
total=$(go list -mod=readonly -deps "$package" | wc -l)
# -v names each package as it is compiled; a line every hundred shows that it moves. Errors pass through.
go build -v -trimpath -mod=readonly -o "$binary.new" "$package" 2>&1 |
  awk -v total="$total" '
    /^[A-Za-z0-9._~\/-]+$/ { if (++count % 100 == 0) { print "kubo: " count " of at most " total " packages"; fflush() } next }
    { print; fflush() }' 9>&-
mv "$binary.new" "$binary"
echo "$pins" > "$out/.ipfs.pins"
echo "kubo: built $("$binary" version) as ${binary#"$(cd "$here/../.." && pwd)/"}"
