"""The simulator of docs/scale.md against what it speaks of: two gateways, five keepers and the contracts on anvil (H-66)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from consentry.domain.cids import raw_cid
from consentry.domain.entries import MAX_MANIFEST_BYTES, MAX_SEALED_ENTRY_BYTES
from consentry.index.entries import SqlIndex
from consentry.index.tables import EntryState, anchors, entries
from consentry.remote.keepers import HttpKeepers
from simulation.counting import Counted, counted
from simulation.network import Outcome, simulate
from simulation.prices import GAS
from simulation.sizes import entry_bytes
from simulation.workload import Second
from tests.app.gateway.scale_play import RULES, Play, asked_of_all
from tests.app.gateway.world import World

ACTS, SEED = 90, 4
GAS_APART = 0.01
"""Of each kind's gas: zero bytes in calldata are cheaper, and addresses, hashes and times have now more of them and now fewer."""


@dataclass(frozen=True)
class Run:
    """What happened, what the chain counts of it, and what the simulator says."""

    play: Play
    counted: Counted
    simulated: Outcome
    index: SqlIndex


@pytest.fixture(scope="module")
def run(world: World) -> Iterator[Run]:
    for committer in world.committers:
        committer.close()  # from here on the play calls them, by a clock of its own
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(HttpKeepers, "ask", asked_of_all)
        play = Play(world, SEED)
        for _ in range(ACTS):
            play.act()
        play.end()
    found = counted(world.ledger.connection, play.first_block, world.ledger.head().number)
    assert world.city.gateway.everything.reading.scan()
    index = SqlIndex(world.folder / "City" / "gateway-index.sqlite")
    yield Run(play, found, simulate(_each_second(play.seconds), RULES), index)
    index.database.close()


def test_simulator_counts_the_transactions_that_a_chain_took(run: Run) -> None:
    """H-66: of each kind exactly as many, and nothing else that gateways or keepers send."""
    said = run.simulated.transactions
    assert run.counted.transactions == {
        "anchor": said["anchor"],
        "grant": said["grant"],
        "revocation": said["revocation"],
        "directory": said["directory"] + said["renewal"],
        "commit": said["first commit"] + said["commit"],
    }
    assert min(run.counted.transactions.values()) > 1
    assert run.counted.others == {"MemberRegistry.enrol": 1}  # the clinician


def test_simulator_counts_the_gas_that_a_chain_took(run: Run) -> None:
    """H-66: of each kind within one per cent, by the prices of docs/gas.md."""
    said = {kind: GAS[kind].value * count for kind, count in run.simulated.transactions.items()}
    said["directory"] += said.pop("renewal")
    said["commit"] += said.pop("first commit")
    assert said.keys() == run.counted.gas.keys()
    for kind, gas in run.counted.gas.items():
        assert said[kind] == pytest.approx(gas, rel=GAS_APART), kind


def test_simulator_counts_every_keepers_receipts(run: Run, world: World) -> None:
    """H-66: as many as the chain fixes of each, and none is left waiting."""
    fixed = tuple(world.ledger.next_seq_of(one.account) for one in run.play.keepers)
    assert fixed == run.simulated.receipts
    assert sum(fixed) > 5 * RULES.receipts_a_commit
    assert run.simulated.waiting == (0,) * RULES.keepers
    # some commits were full, some made because enough waited, some because it was time
    assert sum(run.simulated.commits) > sum(fixed) / RULES.receipts_a_commit


def test_simulator_counts_rows_and_bytes_of_an_index(run: Run, world: World) -> None:
    """H-66: another gateway's index has these anchors and rows; manifests and entries take these bytes."""
    with run.index.database.read() as connection:
        digests = list(connection.execute(select(anchors.c.manifest_digest)).scalars())
        found = list(connection.execute(select(entries.c.entry_cid, entries.c.state)))
    assert (len(digests), len(found)) == (run.simulated.anchors, run.simulated.rows)
    assert {one.state for one in found} == {EntryState.STORED}
    assert (
        _bytes(world, [raw_cid(one) for one in digests], MAX_MANIFEST_BYTES) == run.simulated.manifest_bytes
    )
    sealed = [one.entry_cid for one in found]
    assert _bytes(world, sealed, MAX_SEALED_ENTRY_BYTES) == len(sealed) * entry_bytes(RULES.keepers)


def _each_second(seconds: list[Second]) -> Iterator[Second]:
    """With those in which nothing happened."""
    known = {one.at: one for one in seconds}
    yield from (known.get(at, Second(at)) for at in range(seconds[-1].at + 1))


def _bytes(world: World, cids: list[str], most: int) -> int:
    return sum(len(b"".join(world.store.get(cid, max_bytes=most))) for cid in cids)
