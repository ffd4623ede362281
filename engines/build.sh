#!/usr/bin/env bash
# Builds an engine through the Go module proxy into .cache/engines of the repository: engines/build.sh NAME…
#
#   kubo    the IPFS node, as .cache/engines/ipfs          geth    the Ethereum node that seals Clique
#   ipfs-cluster    what keeps content on several IPFS nodes, as .cache/engines/ipfs-cluster-service
#   kaia    validators with Istanbul BFT
#
# A cold build takes two to three minutes on two cores. A binary that is already there is kept unless the pins changed.
# CONSENTRY_ENGINES names another folder for the binaries.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${CONSENTRY_ENGINES:-$root/.cache/engines}
mkdir -p "$out"

fail() {
  printf 'engines: %s\n' "$@" >&2
  exit 1
}

build() {
  local name=$1 package file flags=() pins total
  case $name in
    kubo) package=github.com/ipfs/kubo/cmd/ipfs file=ipfs ;;
    # links to what Go keeps private, which its own release notes ask for
    geth) package=github.com/ethereum/go-ethereum/cmd/geth file=geth flags=(-ldflags=-checklinkname=0) ;;
    ipfs-cluster) package=github.com/ipfs-cluster/ipfs-cluster/cmd/ipfs-cluster-service file=ipfs-cluster-service ;;
    kaia) package=. file=kaia flags=(-ldflags=-checklinkname=0) ;;
    *) fail "no engine is called $name; there are kubo, ipfs-cluster, geth and kaia" ;;
  esac
  cd "$root/engines/$name"
  pins=$({ cat go.mod go.sum; cat main.go 2>/dev/null || true; } | sha256sum | cut -d' ' -f1)
  # Two builders (`make kubo` beside a test run) would otherwise compile everything twice.
  exec 9>"$out/.$file.lock"
  flock 9
  if [ -x "$out/$file" ] && [ "$(cat "$out/.$file.pins" 2>/dev/null || true)" = "$pins" ]; then
    echo "$name: already built"
    return
  fi
  command -v go >/dev/null || fail "Go 1.26 or later is needed to build $name; install it, or use what needs no building (anvil, the embedded store)"
  echo "$name: fetching modules, then compiling (two to three minutes the first time)"
  total=$(go list -mod=readonly -deps "$package" | wc -l)
  # -v names each package as it is compiled; a line every hundred shows that it moves. Errors pass through.
  go build -v -trimpath -mod=readonly "${flags[@]}" -o "$out/$file.new" "$package" 2>&1 |
    awk -v name="$name" -v total="$total" '
      /^[A-Za-z0-9._~\/-]+$/ { if (++count % 100 == 0) { print name ": " count " of at most " total " packages"; fflush() } next }
      { print; fflush() }' 9>&-
  mv "$out/$file.new" "$out/$file"
  echo "$pins" >"$out/.$file.pins"
  echo "$name: built as $file"
}

[ $# -gt 0 ] || fail "say which engine: kubo, ipfs-cluster, geth, kaia"
for name in "$@"; do (build "$name"); done
