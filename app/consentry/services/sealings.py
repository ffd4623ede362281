"""One record, several sealings: which entry of it is read, and what is fallen back to (specification K-36).

An author files a further entry when it moves a record to another committee. Header, ciphertext and key stay the same, so that
any of them opens it, as long as enough keepers of its committee answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from consentry.domain.requests import RecordItem
from consentry.errors import KeepersInsufficient
from consentry.ports import Clock, Index, Keepers, Ledger
from consentry.ports.keeper_values import Served
from consentry.services.asking import Answers, Asking, ask, wanted_record
from consentry.services.discover import Found
from consentry.services.opening import Named, Shares

MOST_SEALINGS = 4
"""Of one record so many are tried: an author may file as many as it likes."""


@dataclass(frozen=True)
class Sealings:
    """Of each record the entry with the newest sealing, and the others it has, newest first."""

    newest: tuple[Found, ...]
    older: Mapping[Named, tuple[Found, ...]]


@dataclass(frozen=True)
class AskPorts:
    ledger: Ledger
    index: Index
    keepers: Keepers
    clock: Clock


@dataclass(frozen=True)
class Released:
    """Shares of whatever was released, in order; `short`: of how many records too few keepers answered for any sealing.
    `lying` as in Answers; `served`: who gave the shares of which record."""

    records: tuple[tuple[RecordItem, Shares], ...]
    short: int
    lying: tuple[str, ...] = ()
    served: Mapping[Named, tuple[Served, ...]] = field(default_factory=dict)


def name_of(found: Found) -> Named:
    """Author, record id and header: what a further sealing of a record has in common with the first."""
    header = found.entry.header
    return (header.author, header.record_id, header.hash())


def by_newest(found: Iterable[Found], current: int) -> Sealings:
    """A sealing to a version later than `current` comes last: the chain does not know such a committee."""
    together: dict[Named, list[Found]] = {}
    for one in found:
        together.setdefault(name_of(one), []).append(one)
    for these in together.values():
        these.sort(key=lambda one: _preference(one.entry.sealing.committee_version, current))
    return Sealings(
        tuple(these[0] for these in together.values()),
        {name: tuple(these[1:MOST_SEALINGS]) for name, these in together.items()},
    )


def ask_for(
    asking: Asking, chosen: Sequence[Found], older: Mapping[Named, tuple[Found, ...]], ports: AskPorts
) -> Released:
    """Ask for all by their newest sealing, and again by the next older one for those that too few keepers answered for.

    What keepers withhold is not asked for again. Raises KeepersInsufficient when nothing could be settled, and what keepers
    agree is wrong with the request.
    """
    found: dict[int, tuple[RecordItem, Shares]] = {}
    left = list(enumerate(chosen))
    problem: KeepersInsufficient | None = None
    short = 0
    lying: list[str] = []
    served: dict[Named, tuple[Served, ...]] = {}
    for attempt in range(MOST_SEALINGS):
        items = [_item(one, ports.index) for _, one in left]
        answers = Answers((None,) * len(items), tuple(range(len(items))))
        try:
            wanted = [wanted_record(item, one.entry) for item, (_, one) in zip(items, left, strict=True)]
            answers = ask(asking, wanted, ports.ledger, ports.keepers, ports.clock)
        except KeepersInsufficient as failure:
            problem = failure
        lying += answers.lying
        for index, ((place, one), item, shares) in enumerate(zip(left, items, answers.shares, strict=True)):
            if shares is not None:
                found[place] = (item, shares)
                served[name_of(one)] = answers.served.get(index, ())
        lacking = [left[index] for index in answers.incomplete]
        left = [
            (place, others[attempt])
            for place, _ in lacking
            if len(others := older.get(name_of(chosen[place]), ())) > attempt
        ]
        short += len(lacking) - len(left)
        if not left:
            break
    if problem is not None and short == len(chosen):
        raise problem
    return Released(tuple(found[place] for place in sorted(found)), short, tuple(lying), served)


def _item(found: Found, index: Index) -> RecordItem:
    row = found.row
    return RecordItem(
        header=found.entry.header,
        sealing=found.entry.sealing,
        root=row.root,
        proof=index.proof_for(row.author, row.root, row.position),
    )


def _preference(version: int, current: int) -> tuple[bool, int]:
    return version > current, -version
