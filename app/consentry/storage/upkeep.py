"""Looking after a store: every block of every content looked at, what is lost or damaged brought back, contents taken elsewhere
(specification H-30 to H-32)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Protocol

from consentry.errors import BlobCorrupt, BlobMissing
from consentry.ports import BlobStore, Swept
from consentry.storage.cid import Cid
from consentry.storage.unixfs import BlockState, survey

_WHOLE: Final = 1 << 62  # contents of a store of one's own have any size
_TOGETHER: Final = 100

Tell = Callable[[int], None]
"""Hears how many contents are done."""


class Kept(BlobStore, Protocol):
    """A store that can be looked after: it knows what it keeps, and reads blocks of its own machine only."""

    def contents(self) -> list[str]:
        """Every content that is kept here, in order. Raises StoreUnreachable."""

    def block(self, block_id: Cid) -> bytes:
        """A block's bytes, unverified, without asking anybody else. Raises BlobMissing, StoreUnreachable."""

    def mend(self, missing: Sequence[Cid], damaged: Sequence[Cid]) -> None:
        """Bring these back from other nodes, as far as those have them. Raises StoreUnreachable."""

    def sweep(self) -> tuple[Swept, ...]:
        """Have every node of the store let go of what nothing pins. Raises StoreUnreachable."""

    def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True)
class Fault:
    """A block that is missing or damaged, of a content; `mended`: it is whole again."""

    content: str
    block: str
    state: BlockState
    mended: bool = False


@dataclass(frozen=True)
class Checked:
    """What was looked at, and what was found."""

    contents: int
    blocks: int
    faults: tuple[Fault, ...]

    @property
    def lost(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if not fault.mended)


def check(store: Kept, tell: Tell) -> Checked:
    """Read every block that the store keeps, and hash it. Raises StoreUnreachable."""
    contents, blocks = store.contents(), 0
    faults: list[Fault] = []
    for done, content in enumerate(contents, 1):
        for block_id, state in survey(store.block, content):
            blocks += 1
            if state != "whole":
                faults.append(Fault(content, str(block_id), state))
        tell(done)
    return Checked(len(contents), blocks, tuple(faults))


def repair(store: Kept, found: Checked, source: BlobStore | None, tell: Tell) -> Checked:
    """Bring back what is missing or damaged, from other nodes, then from `source`; what was found, and which of it is whole now.

    Each pass may show faults below those that it mended: it goes on while one mends something. Raises StoreUnreachable.
    """
    faults = {(one.content, one.block): one for one in found.faults}
    while lost := [one for one in faults.values() if not one.mended]:
        _mend(store, lost)
        left = _still_faulty(store, lost)
        if source is not None:
            _fetch(store, source, list(left))
            left = _still_faulty(store, lost)
        now = {(content, block): state for content, states in left.items() for block, state in states.items()}
        mended = [one for one in lost if (one.content, one.block) not in now]
        for one in mended:
            faults[one.content, one.block] = replace(one, mended=True)
        for (content, block), state in now.items():
            faults.setdefault((content, block), Fault(content, block, state))
        tell(sum(one.mended for one in faults.values()))
        if not mended:
            break
    return Checked(found.contents, found.blocks, tuple(faults.values()))


def move(store: Kept, target: BlobStore, tell: Tell) -> int:
    """Put everything that a store keeps into another one, under the same names; gives how many contents. The first store stays as
    it is. Stopped anywhere, it is completed by repeating it. Raises BlobMissing, BlobCorrupt, StoreUnreachable."""
    contents = store.contents()
    for at in range(0, len(contents), _TOGETHER):
        some = contents[at : at + _TOGETHER]
        stored = target.put_many(_reading(store, some))
        for content, blob in zip(some, stored, strict=True):
            if blob.cid != content:
                raise BlobCorrupt(f"{content}: the other store calls it {blob.cid}")
        tell(at + len(some))
    return len(contents)


def _reading(store: BlobStore, contents: Iterable[str]) -> Iterator[Iterator[bytes]]:
    return (store.get(content, max_bytes=_WHOLE) for content in contents)


def _mend(store: Kept, lost: Sequence[Fault]) -> None:
    by_state: dict[str, set[Cid]] = defaultdict(set)
    for fault in lost:
        for block_id, state in survey(store.block, fault.block):
            by_state[state].add(block_id)
    store.mend(sorted(by_state["missing"], key=str), sorted(by_state["damaged"], key=str))


def _still_faulty(store: Kept, lost: Sequence[Fault]) -> dict[str, dict[str, BlockState]]:
    """The faulty blocks of these contents, by content."""
    found: dict[str, dict[str, BlockState]] = {}
    for content in dict.fromkeys(one.content for one in lost):
        states: dict[str, BlockState] = {
            str(one): state for one, state in survey(store.block, content) if state != "whole"
        }
        if states:
            found[content] = states
    return found


def _fetch(store: BlobStore, source: BlobStore, contents: Sequence[str]) -> None:
    """Put contents again, which writes damaged blocks anew; what the source lacks stays lost."""
    for content in contents:
        with suppress(BlobMissing, BlobCorrupt):
            store.put(source.get(content, max_bytes=_WHOLE))
