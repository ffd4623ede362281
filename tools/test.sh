#!/usr/bin/env bash
# All tests, part by part, then the coverage of the app over all parts and one line for each part.
#
#   tools/test.sh                  everything
#   tools/test.sh units journeys   only these parts (no coverage limit then)
#
# Parts: assurance, units, contracts-anvil, contracts-ganache, adapters, journeys, faults, browser. Output of each is kept in .cache/test/.
# A part goes on after another failed; the few tests that did are asked once more when nothing else runs (docs/adr/0026-a-second-go.md).
# Nothing passes by default: a part without a single test fails, and so does
# a run without parts. In CI (CI=true) every part has to run, and the browser is installed when it is missing.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
minimum=90 # per cent of the app's lines
part_limit=2400 # seconds before a hanging part is ended
logs=.cache/test
chosen=("$@")
lines=() # the summary
notices=()
failed=0
ran=() # names of the parts that were started
background=() # name:pid of the parts that run beside
most_twice=3 # tests of a part that are asked once more
doubtful=() # name of each part that failed and may be asked so

# one process runs thousands of tests, each with databases and servers of its own
ulimit -n 8192 2>/dev/null || ulimit -n "$(ulimit -Hn)" || true

rm -rf "$logs" .cache/coverage
mkdir -p "$logs" .cache/coverage
# absolute, because gateways and keepers run in folders of their own
export COVERAGE_FILE=$PWD/.cache/coverage/data
covered=(.venv/bin/coverage run -m pytest)
both=(-n 2 --dist loadfile) # two processes, a file of tests in one: many tests wait for a server, a page, a clock

# existing PATH…: those that are there
existing() {
  local path
  for path in "$@"; do [ ! -e "$path" ] || printf '%s\n' "$path"; done
}

# wanted NAME…: true if everything or one of these parts was asked for
wanted() {
  local name
  [ ${#chosen[@]} -gt 0 ] || return 0
  for name in "$@"; do [[ " ${chosen[*]} " != *" $name "* ]] || return 0; done
  return 1
}

# part NAME COMMAND…: runs a part if it is wanted
part() {
  local name=$1 started=$SECONDS
  shift
  wanted "$name" || return
  ran+=("$name")
  printf '\n=== %s\n' "$name"
  timeout --foreground --kill-after=30 "$part_limit" "$@" 2>&1 | tee "$logs/$name.log"
  report "$name" "${PIPESTATUS[0]}" $((SECONDS - started))
}

# beside NAME COMMAND…: the same, while others run (Brownie mostly waits for its node); `gather` shows what came out
beside() {
  local name=$1
  shift
  wanted "$name" || return
  ran+=("$name")
  printf '\n=== %s: begun, its output comes below\n' "$name"
  set -m # a process group of its own, which `abandon` ends whole
  (
    started=$SECONDS status=0
    timeout --foreground --kill-after=30 "$part_limit" "$@" >"$logs/$name.log" 2>&1 </dev/null || status=$?
    echo "$status $((SECONDS - started))" >"$logs/$name.status"
  ) &
  set +m
  background+=("$name:$!")
}

# abandon: nothing that runs beside outlives this script
abandon() {
  local one
  for one in "${background[@]}"; do kill -- "-${one#*:}" 2>/dev/null; done
}
trap abandon EXIT
trap 'exit 130' INT TERM

# gather: waits for every part that runs beside
gather() {
  local one status seconds
  for one in "${background[@]}"; do
    wait "${one#*:}"
    printf '\n=== %s\n' "${one%:*}"
    cat "$logs/${one%:*}.log"
    read -r status seconds <"$logs/${one%:*}.status"
    report "${one%:*}" "$status" "$seconds"
  done
  background=()
}

# report NAME STATUS SECONDS: the part's line in the summary
report() {
  local name=$1 status=$2 line
  line=$(grep -E '(passed|failed|error|no tests ran).* in [0-9.]+ ?s' "$logs/$name.log" | tail -n 1 | tr -d '=' | xargs -0)
  if [ -z "$line" ] && [ "$status" = 0 ]; then status=1 line='no result line'; fi
  if [ "$status" = 1 ] && [ -n "${once_more[$name]:-}" ]; then doubtful+=("$name"); elif [ "$status" != 0 ]; then failed=1; fi
  [ "$status" != 124 ] || line="ended after $part_limit s"
  lines+=("$(printf '%-6s %-18s %s (%d s)' "$([ "$status" = 0 ] && echo ok || echo FAILED)" "$name" "${line:-exit code $status}" "$3")")
}

# again NAME: those tests of a part that failed, by themselves; its line says `flaky` if they pass now
again() {
  local name=$1 names line
  mapfile -t names < <(sed -nE '/^(FAILED|ERROR) tests\//{s/^[A-Z]+ //;s/ - .*//;p}' "$logs/$name.log" | sort -u)
  if [ ${#names[@]} -eq 0 ] || [ ${#names[@]} -gt $most_twice ]; then
    failed=1
    return
  fi
  printf '\n=== %s: once more, by themselves: %s\n' "$name" "${names[*]}"
  if ! timeout --foreground --kill-after=30 "$part_limit" .venv/bin/python -m pytest -n0 "${names[@]}" 2>&1 |
    tee "$logs/$name-again.log" || ! grep -qE "(^|[^0-9])${#names[@]} passed" "$logs/$name-again.log"; then
    failed=1
    return
  fi
  for line in "${!lines[@]}"; do
    case ${lines[line]} in "FAILED $name "*) lines[line]="flaky  ${lines[line]#FAILED }" ;; esac
  done
  notices+=("passed only when asked once more, by themselves: ${names[*]}")
}

# groups of folders; a folder that no group names belongs to the adapters, so that none is forgotten
# (tests/faults_engines is `make faults-engines`, tests/matrix is `make test-engines`: minutes on engines that take minutes to build)
# the TypeScript layouts need no browser
mapfile -t units < <(existing tests/meta tests/app tests/browser/test_typescript.py)
mapfile -t contracts < <(find tests/contracts -mindepth 1 -maxdepth 1 -type d ! -name deep ! -name '__*' | sort; existing tests/invariants)
# what another client could do otherwise: every contract's main ways, its libraries, refusals, times and events
mapfile -t second_node < <(
  cd tests/contracts && printf "tests/contracts/%s\n" audit records keepers libraries deployment/test_deploy.py authority/test_{decisions,fast_confirmation}.py \
    consent/test_{grant,revoke,replace,permits,permits_provisions,vectors}.py emergency/test_{open,close,review}.py \
    identity/test_{identity_registry,identity_signed,did_resolver,guardian_recovery,member_registry,member_staff}.py \
    signatures/test_signature_delegated_code.py
)
mapfile -t journeys < <(existing tests/journeys)
mapfile -t faults < <(existing tests/faults)
mapfile -t browser < <(existing tests/browser)
mapfile -t adapters < <(
  find tests -mindepth 2 -name 'test_*.py' 2>/dev/null | cut -d/ -f1-2 | sort -u |
    grep -vxE 'tests/(meta|app|contracts|invariants|journeys|faults|faults_engines|matrix|browser)'
)

declare -A once_more=([units]=1 [adapters]=1 [journeys]=1 [faults]=1 [browser]=1)

if [ ${#chosen[@]} -eq 0 ]; then
  printf '\n=== forms\n'
  if tools/check.sh forms; then verdict=ok; else verdict=FAILED failed=1; fi
  lines+=("$(printf '%-6s %-18s format, lint, types, links' $verdict forms)")
fi
if [ ${#contracts[@]} -gt 0 ]; then
  beside contracts-anvil tools/brownie test "${contracts[@]}" --network anvil
  beside contracts-ganache tools/brownie test "${second_node[@]}" --network ganache-cli
fi
if [ ${#units[@]} -gt 0 ]; then part units "${covered[@]}" "${both[@]}" "${units[@]}"; fi
if wanted assurance; then
  printf '\n=== assurance\n'
  started=$SECONDS
  ran+=(assurance)
  .venv/bin/python tools/contracts_deep.py --quick 2>&1 | tee "$logs/assurance.log"
  if [ "${PIPESTATUS[0]}" = 0 ]; then verdict=ok; else verdict=FAILED failed=1; fi
  lines+=("$(printf '%-6s %-18s fuzz, invariants, slither, storage layouts, gas (%d s)' $verdict assurance $((SECONDS - started)))")
fi
gather
if [ -x engines/build.sh ] && wanted adapters journeys; then
  if command -v go >/dev/null; then
    engines/build.sh kubo ipfs-cluster geth || { failed=1; notices+=("An engine did not build: their tests can't pass."); }
  else
    notices+=("Go is not installed, so Kubo, ipfs-cluster and geth can't be built: tests on real engines can't pass.")
  fi
fi
# both mostly wait, for engines and for what was broken to mend itself
if [ ${#faults[@]} -gt 0 ]; then beside faults "${covered[@]}" "${faults[@]}"; fi
if [ ${#adapters[@]} -gt 0 ]; then part adapters "${covered[@]}" "${adapters[@]}"; fi
gather
if [ ${#journeys[@]} -gt 0 ]; then part journeys "${covered[@]}" "${both[@]}" "${journeys[@]}"; fi
if [ ${#browser[@]} -gt 0 ] && wanted browser; then
  if CONSENTRY_CHROMIUM=$(tools/chromium.sh ${CI:+--install}); then
    export CONSENTRY_CHROMIUM
    part browser "${covered[@]}" "${both[@]}" "${browser[@]}"
  else
    notices+=("CHROMIUM IS MISSING: the browser tests did not run. On Debian: apt-get install chromium")
  fi
fi

for name in "${doubtful[@]}"; do again "$name"; done

if [ ${#chosen[@]} -eq 0 ] && compgen -G '.cache/coverage/data*' >/dev/null; then
  printf '\n=== coverage\n'
  .venv/bin/coverage combine --quiet
  .venv/bin/coverage report --fail-under="$minimum" 2>&1 | tee "$logs/coverage.log"
  if [ "${PIPESTATUS[0]}" = 0 ]; then verdict=ok; else verdict=FAILED failed=1; fi
  lines+=("$(printf '%-6s %-18s %s of the app, at least %d%% wanted' $verdict coverage "$(awk '/^TOTAL/ { print $NF }' "$logs/coverage.log")" $minimum)")
fi
expected=("${chosen[@]}")
if [ ${#chosen[@]} -eq 0 ] && [ -n "${CI:-}" ]; then
  expected=(assurance units contracts-anvil contracts-ganache adapters journeys faults browser)
fi
for name in "${expected[@]}"; do
  if [[ " ${ran[*]} " != *" $name "* ]]; then failed=1 lines+=("$(printf 'FAILED %-18s did not run' "$name")"); fi
done
if [ ${#ran[@]} -eq 0 ]; then failed=1 lines+=("FAILED no test ran at all"); fi

{
  printf '\n=== summary\n'
  printf '%s\n' "${lines[@]}"
  [ ${#notices[@]} -eq 0 ] || printf '\n!!! %s\n' "${notices[@]}"
  # once more at the end, where it is seen: which step failed, and its last words
  if grep -q '^FAILED assurance' < <(printf '%s\n' "${lines[@]}"); then sed -n '/^=== summary/,$p' "$logs/assurance.log"; fi
} | tee "$logs/summary"
exit "$failed"
