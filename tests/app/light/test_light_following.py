"""A chain is followed in bounded steps, from where it was left, over its last blocks' changes and no others (H-57, H-59)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from consentry.chain.rpc import Request
from consentry.errors import ChainStale, ChainUnproven, DeploymentMissing
from consentry.light.checkpoint import Checkpoint
from consentry.light.clique import Clique
from consentry.light.following import KEPT, MOST_AT_ONCE, STEP, LightChain
from tests.app.light.sealers import KEYS, block, clique_block, hex_of

ENGINE = Clique()
DEPTH = 3


@dataclass
class Blocks:
    """An endpoint that has these blocks, sealed in turn. `batches`: how many requests came in each."""

    blocks: list[dict[str, Any]] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    place: str = "another member"

    def grow(self, count: int, **changes: Any) -> None:
        for _ in range(count):
            number = len(self.blocks)
            parent = ENGINE.header(self.blocks[-1]).hash if self.blocks else bytes(32)
            by = KEYS[number % len(KEYS)]
            self.blocks.append(clique_block(block(number, parent, **changes), KEYS, by))

    def batch(self, wanted: Iterable[Request]) -> list[Any]:
        asked = list(wanted)
        self.batches.append(len(asked))
        return [self._answer(one) for one in asked]

    def call(self, method: str, *params: Any) -> Any:
        return self._answer(Request(method, params))

    def beside(self, *, most_answer_bytes: int) -> Blocks:
        return self

    def close(self) -> None:
        self.blocks.clear()

    def _answer(self, request: Request) -> Any:
        if request.method == "eth_blockNumber":
            return hex(len(self.blocks) - 1)
        number = int(request.params[0], 16)
        return self.blocks[number] if number < len(self.blocks) else None


@dataclass
class At:
    seconds: int

    def now(self) -> int:
        return self.seconds


def hash_of(raw: dict[str, Any]) -> bytes:
    return ENGINE.header(raw).hash


def following(blocks: Blocks, start: Checkpoint | None = None) -> LightChain:
    start = Checkpoint("clique", 0, hash_of(blocks.blocks[0])) if start is None else start
    return LightChain(blocks, start, At(1_700_000_000 + len(blocks.blocks)), depth=DEPTH)


def test_a_long_way_is_gone_in_steps_and_nothing_is_answered_meanwhile() -> None:
    """H-59: so many headers in a request, so many in a call; each call goes on where the last one ended."""
    blocks = Blocks()
    blocks.grow(MOST_AT_ONCE + 101)
    chain = following(blocks)
    with pytest.raises(ChainStale, match="100 blocks are still to be checked"):
        chain.head()
    assert max(blocks.batches) == STEP
    assert sum(blocks.batches) <= MOST_AT_ONCE + 1
    assert chain.head().hash == hash_of(blocks.blocks[-1])
    newest = MOST_AT_ONCE + 100
    assert chain.header(newest - KEPT + 1).number == newest - KEPT + 1
    with pytest.raises(ChainStale):
        chain.header(newest - KEPT)


def test_where_it_was_left_it_goes_on_another_day() -> None:
    """H-59: the saved checkpoint is the newest final block, with who seals and who waits."""
    blocks = Blocks()
    blocks.grow(20)
    chain = following(blocks)
    chain.head()
    saved = Checkpoint.from_json(json.loads(json.dumps(chain.checkpoint().to_json())))
    assert saved == chain.checkpoint() and saved.number == 19 - DEPTH and len(saved.validators) == len(KEYS)
    blocks.grow(5)
    blocks.batches.clear()
    later = following(blocks, saved)
    assert later.head().number == 24
    assert sum(blocks.batches) <= 1 + 5 + DEPTH + 1


def test_the_end_may_become_another_one_and_what_is_final_may_not() -> None:
    """H-59: the new end is followed when it is as long; a story that differs before the final block is refused."""
    blocks = Blocks()
    blocks.grow(10)
    chain = following(blocks)
    assert chain.head().number == 9
    del blocks.blocks[10 - DEPTH :]
    blocks.grow(DEPTH, gasUsed="0x1")
    assert chain.head().hash == hash_of(blocks.blocks[9])
    del blocks.blocks[9:]
    blocks.grow(2, gasUsed="0x2")
    assert chain.head().hash == hash_of(blocks.blocks[10])
    del blocks.blocks[11 - DEPTH - 1 :]
    blocks.grow(DEPTH + 5, gasUsed="0x3")
    with pytest.raises(ChainUnproven, match="does not follow"):
        chain.head()
    assert chain.checkpoint().number == 10 - DEPTH


def test_blocks_that_a_minority_may_have_made_are_not_final() -> None:
    """H-57: whatever the deployment says; of four sealers two cut off make two blocks alone."""
    blocks = Blocks()
    blocks.grow(10)
    start = Checkpoint("clique", 0, hash_of(blocks.blocks[0]))
    for depth in (0, 2):
        chain = LightChain(blocks, start, At(1_700_000_010), depth=depth)
        with pytest.raises(ChainUnproven, match="3 must follow it"):
            chain.head()


def test_an_end_that_is_shorter_than_what_was_seen_is_stale() -> None:
    """H-59, H-4: what was revoked does not come back."""
    blocks = Blocks()
    blocks.grow(10)
    chain = following(blocks)
    chain.head()
    blocks.blocks.pop()
    with pytest.raises(ChainStale, match="lacks block 9"):
        chain.head()


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw[:5] + raw[6:],
        lambda raw: [*raw[:5], raw[6], raw[5], *raw[7:]],
        lambda raw: [
            *raw[:5],
            clique_block(raw[5] | {"parentHash": hex_of(bytes(32))}, KEYS, KEYS[1]),
            *raw[6:],
        ],
        lambda raw: [*raw[:5], clique_block(raw[5] | {"timestamp": "0x1"}, KEYS, KEYS[1]), *raw[6:]],
        lambda raw: [*raw[:5], {}, *raw[6:]],
        lambda raw: [*raw[:5], "0x", *raw[6:]],
    ],
    ids=["left out", "exchanged", "another parent", "older than its parent", "empty", "none"],
)
def test_a_chain_that_does_not_hang_together_is_refused(change: Any) -> None:
    """H-57."""
    blocks = Blocks()
    blocks.grow(10)
    chain = following(blocks)
    blocks.blocks = change(blocks.blocks)
    with pytest.raises((ChainUnproven, ChainStale)):
        chain.head()


@pytest.mark.parametrize(
    "change",
    [
        {"engine": "proof of work"},
        {"number": -1},
        {"number": "0"},
        {"block": "0x12"},
        {"validators": ["0x12"]},
        {"validators": "0x"},
        {"votes": [[1, 2]]},
        {"recent": [["x", "y"]]},
    ],
    ids=str,
)
def test_what_is_no_checkpoint_is_said_to_be_none(change: dict[str, Any]) -> None:
    """H-57."""
    whole = Checkpoint("clique", 0, bytes(32)).to_json()
    assert Checkpoint.from_json(whole) == Checkpoint("clique", 0, bytes(32))
    with pytest.raises(DeploymentMissing):
        Checkpoint.from_json(whole | change)
