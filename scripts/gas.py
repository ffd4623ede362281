"""Measures what each operation costs and writes docs/gas.md and docs/gas.json.

    tools/brownie run gas --network anvil           write both
    tools/brownie run gas check --network anvil     compare with docs/gas.json; exit code 1 on a difference

Gas depends on the contracts alone: keys, salts and times are always the same. A tolerance remains because contracts'
addresses follow the order of deployment, and each zero byte of one in calldata saves 12 gas.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import brownie

from scripts import settings
from scripts.gas_rows import measure

DOCS = Path(__file__).resolve().parent.parent / "docs"
SNAPSHOT = DOCS / "gas.json"
TOLERANCE = 100
"""Gas that a transaction may differ from the snapshot; views a half per cent, for nodes estimate them by halving."""
LARGEST_CODE = 24_576
"""Bytes (EIP-170)."""

# Operation → what it may cost.
GOALS = {
    "grant by the controller's signature": 63_000,
    "each of 32 grants at once": 41_000,
    "revoke in an own transaction": 35_000,
    "revoke by signature": 41_000,
    "anchor 100 records": 53_000,
    "later commit of receipts": 36_000,
    "setAttributeBySignature": 41_000,
    "addDelegateBySignature": 61_000,
    "open in an emergency": 120_000,
}

# Operation → what it costs elsewhere, as their own code measured on anvil (steady state, their compiler settings).
PEERS = {
    "grant by the controller's signature": "thromel 394,958; IPEHR 355,291; EAS `attestByDelegation` 326,836",
    "revoke in an own transaction": "thromel 47,827; Stow 56,646; EAS 70,712; IPEHR 123,689",
    "revoke by signature": "EAS `revokeByDelegation` 85,880",
    "anchor 100 records": "each record: EAS `timestamp` 45,869 (25,245 in a batch of 32), WeIdentity 65,270, thromel 209,743, "
    "IPEHR 636,564 to 1,470,157 (grows)",
    "later commit of receipts": "each access: thromel 138,291 to 1,443,911 (grows with grants); the others keep none",
    "setAttributeBySignature": "ethr-did 35,718 to 52,818",
    "admit a member": "registering a patient costs nothing here; Stow 71,570, IPEHR 375,554, thromel 3,065,540",
}

HEADER = """# Gas

Written by `make gas`; Solidity 0.8.37, `paris`, legacy pipeline, 200 optimizer runs. The numbers include the 21,000 of the
transaction itself. "First" operations write a storage word that was empty. CI compares with `gas.json` and allows 100 gas
more or less: contracts' addresses follow the order of deployment, and each zero byte of one in calldata saves 12 gas.

Elsewhere: `thromel/Blockchain-EHR-Backend` (the code of arXiv 2511.17464), `bsn-si` IPEHR, the Ethereum Attestation Service,
`ethr-did`, Stow, WeIdentity; their own compiler settings, on anvil, for the second patient.

| operation | gas | goal | elsewhere |
| --- | ---: | ---: | --- |
"""
CLARITY = """
## Where clarity costs gas

- A grant misses its goal. It asks the Authority whether the registry is active, which costs 5,900 with its encoding: a status
  pushed into the registry would save 3,400 and be a second truth (ADR 0008). Reading the grant once into memory, hashing it in
  one block of assembly and asking other contracts in scratch memory saved 1,300 when tried, and was left for the reader's sake.
- An anchor asks the members which member the key acts for, so that a key can be replaced: some 500.
- An opening costs its goal where a lane of its member is used again; one more open at once than ever before writes fresh words.
"""
SIZES = """
## Sizes

Bytes of code on chain; a contract may have 24,576 (EIP-170).

| contract | bytes | of the limit |
| --- | ---: | ---: |
"""


def main() -> None:
    gas, sizes = dict(measure()), code_sizes()
    (DOCS / "gas.md").write_text(page(gas, sizes), encoding="utf-8")
    SNAPSHOT.write_text(json.dumps({"gas": gas, "sizes": sizes}, indent=1) + "\n", encoding="utf-8")
    print(page(gas, sizes))


def check() -> None:
    """Compare with the snapshot, both ways: what became cheaper has to be written down too."""
    written = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    found = differences(written, {"gas": dict(measure()), "sizes": code_sizes()})
    if found:
        sys.exit("\n".join([*found, "docs/gas.json is not what the contracts cost: run `make gas`"]))
    print(f"gas: {len(written['gas'])} operations and {len(written['sizes'])} sizes as written down")


def differences(written: dict, measured: dict) -> list[str]:
    """One line for each row that is new, gone, or differs by more than the tolerance."""
    lines = []
    for part in ("gas", "sizes"):
        for name in sorted({*written[part], *measured[part]}):
            before, now = written[part].get(name), measured[part].get(name)
            allowed = 0 if part == "sizes" else max(TOLERANCE, (before or 0) // 200 if "view" in name else 0)
            if before is None or now is None or abs(now - before) > allowed:
                lines.append(f"{name}: {before} written down, {now} measured")
    return lines


def page(gas: dict[str, int], sizes: dict[str, int]) -> str:
    rows = [HEADER]
    for name, used in gas.items():
        goal = GOALS.get(name)
        over = f" ({100 * (used - goal) / goal:+.1f} %)" if goal and used > goal else ""
        rows.append(f"| {name} | {used:,} | {f'{goal:,}{over}' if goal else ''} | {PEERS.get(name, '')} |\n")
    rows += [CLARITY, SIZES]
    rows += [f"| {name} | {size:,} | {100 * size // LARGEST_CODE} % |\n" for name, size in sizes.items()]
    return "".join(rows)


def code_sizes() -> dict[str, int]:
    """Deployed contract → bytes of its code. Exits when one is too large for a chain."""
    sizes = {}
    for name in settings.CONTRACTS:
        sizes[name] = len(getattr(brownie, name)._build["deployedBytecode"].removeprefix("0x")) // 2
        if sizes[name] > LARGEST_CODE:
            sys.exit(f"{name} has {sizes[name]} bytes of code, more than a chain takes")
    return sizes
