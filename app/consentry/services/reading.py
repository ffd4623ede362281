"""Reading a patient's records under a ground, across hospitals (design §4 Read, specification G-3, D-4 to D-6).

What the ground does not permit is simply absent. What is technically incomplete is said, in words that name no patient.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.ledger import MemberStatus
from consentry.domain.requests import ConsentGround, EmergencyGround, Ground
from consentry.domain.terms import ANY, Consent, covers
from consentry.errors import IndexBehind, KeepersInsufficient, NoGround
from consentry.ports import BlobStore, Clock, Index, Keepers, Ledger
from consentry.ports.index_values import IndexGaps
from consentry.services import directory as directories
from consentry.services.asking import Asking
from consentry.services.discover import Discovery, Found, Seeds, discover, fetch_seeds
from consentry.services.gone import Gone as Gone
from consentry.services.gone import all_retracted, permitted_to_know
from consentry.services.newest import Placed, ambiguous, line_up
from consentry.services.opening import FORMER, MAX_READ_BYTES, Given, Named, open_all
from consentry.services.opening import OpenedRecord as OpenedRecord
from consentry.services.opening import open_envelope as open_envelope
from consentry.services.sealings import AskPorts as SealingPorts
from consentry.services.sealings import ask_for, by_newest


@dataclass(frozen=True)
class ReadPorts:
    """`scan` brings the own index up to the chain's head, and says whether it got there; it waits about a second at most
    for what others left nowhere. `max_bytes`: how much content one answer may hold."""

    ledger: Ledger
    store: BlobStore
    index: Index
    keepers: Keepers
    clock: Clock
    scan: Callable[[], bool]
    documents: directories.Documents = field(default_factory=directories.Documents)
    max_bytes: int = MAX_READ_BYTES


class Which(Enum):
    """Which versions of a document are read."""

    NEWEST = auto()
    ALL = auto()


@dataclass(frozen=True)
class Reading:
    """What the ground gave; `incomplete` says in words what is technically missing, never what is withheld. `gone` is told
    where all versions are read. `lying` names keepers whose answer did not hold, by seat and host (K-28).
    `grounds`: those that it was read under, in the current episode of `department` unless that is empty.
    `whole`: all that was asked for was given, but for what is retracted; nothing withheld, nothing missing."""

    records: tuple[OpenedRecord, ...]
    incomplete: tuple[str, ...] = field(default_factory=tuple)
    gone: tuple[Gone, ...] = ()
    lying: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()
    department: str = ""
    whole: bool = False


def read(
    asking: Asking,
    consent: Consent | None,
    ports: ReadPorts,
    seeds: Seeds | None = None,
    given: Given | None = None,
    which: Which = Which.NEWEST,
    only: frozenset[Category] | None = None,
) -> Reading:
    """Every record that the ground permits and `given` does not hold yet. `consent` is the ground's, or None without one.
    Of each document the newest version, or all of them; of these categories `only`, and no keeper is asked for any other.

    Raises NoGround when keepers release nothing at all to this actor, DirectoryNotOpen, BlobMissing and the like when none
    of the patient's directory documents can be read, KeepersInsufficient, ChainUnreachable.
    """
    held = Seeds() if seeds is None else seeds
    began = time.monotonic()
    caught_up = ports.scan()
    ports = replace(ports, ledger=ports.ledger.for_one_read(began))
    history = directories.history(ports.ledger, ports.store, Address(asking.ground.patient), ports.documents)
    if not history.readable:
        raise history.problem or NoGround()
    lying: list[str] = []
    categories = tuple(one for one in _categories(asking, consent) if only is None or one in only)
    if not categories:
        return Reading((), grounds=(asking.ground,), whole=not history.incomplete)
    missing = fetch_seeds(
        asking, history.readable, categories, held, ports.ledger, ports.keepers, ports.clock, lying
    )
    if not held.held and not missing:
        raise NoGround()
    discovery = discover(history.readable, held, ports.ledger, ports.index, ports.store)
    missing += [
        *history.incomplete,
        *discovery.incomplete,
        *_behind(caught_up, ports.index.gaps(), discovery),
    ]
    names = {member.address: member.name for member in discovery.members}
    committee = ports.ledger.committee()
    sealings = by_newest(discovery.found, committee.version if committee else 0)
    wanted = (one for one in sealings.newest if one.entry.header.category in categories)
    placed, clashes = line_up(wanted)
    # In this order: terms that cover a former version only do not make it the newest (D-14).
    chosen = [one for one in placed if which is Which.ALL or not one.replaced]
    chosen = [one for one in chosen if _wanted(one.found, asking, consent, names)]
    problems = [
        ambiguous(names.get(these[0].row.author, FORMER))
        for these in clashes
        if any(_wanted(one, asking, consent, names) for one in these)
    ]
    retracted: tuple[Gone, ...] = ()
    if which is Which.ALL:
        chosen, retracted = _without_retracted(chosen, names, ports.ledger)
    gone = permitted_to_know(retracted, asking, ports.ledger, ports.clock.now())
    allowed = Given(ports.max_bytes) if given is None else given
    fresh = [one.found for one in chosen if not allowed.holds(one.found)]
    records, unopened = _ask_and_open(asking, fresh, sealings.older, names, ports, allowed, lying)
    places = {one.found.entry.header.hash(): one for one in chosen}
    incomplete = tuple(dict.fromkeys(missing + problems + unopened))
    refused = [one.entry.header for one in fresh if not allowed.holds(one)]
    whole = not incomplete and len(gone) == len(retracted) and _all_held(history.readable, categories, held)
    return Reading(
        tuple(_placed(record, places[record.header.hash()]) for record in records),
        incomplete,
        gone,
        tuple(dict.fromkeys(lying)),
        (asking.ground,),
        whole=whole and all_retracted(refused, ports.ledger),
    )


def _all_held(
    readable: Iterable[directories.Directory], categories: Sequence[Category], seeds: Seeds
) -> bool:
    """Whether no seed of these was withheld."""
    return all(
        (one.cid, category) in seeds.held
        for one in readable
        for category in categories
        if category in one.document.categories
    )


def _placed(record: OpenedRecord, place: Placed) -> OpenedRecord:
    return replace(record, document=place.document, replaced=place.replaced, root=place.found.row.root)


def _without_retracted(
    placed: list[Placed], names: dict[str, str], ledger: Ledger
) -> tuple[list[Placed], tuple[Gone, ...]]:
    """Keepers release no retracted record; a history says that there was one."""
    headers = [one.found.entry.header for one in placed]
    answers = ledger.evaluate([ledger.retracted_call(one.author, one.record_id) for one in headers])
    retracted = [answer.get() for answer in answers]
    gone = tuple(
        Gone(one.found.entry.header, names.get(one.found.entry.header.author, FORMER), one.document)
        for one, is_gone in zip(placed, retracted, strict=True)
        if is_gone
    )
    return [one for one, is_gone in zip(placed, retracted, strict=True) if not is_gone], gone


def _behind(caught_up: bool, gaps: IndexGaps, discovery: Discovery) -> list[str]:  # noqa: FBT001 - a port's answer
    """What the index may lack. What nobody has had for long concerns those only whose author files in these channels, or
    one author could spoil every answer for ever (D-6)."""
    words = []
    if not caught_up or gaps.lag:
        words.append(f"{IndexBehind.code}: the newest records may be missing")
    lacking = gaps.missing_of | (gaps.abandoned_of & discovery.authors)
    words += [
        f"{IndexBehind.code}: records of {member.name} may be missing"
        for member in discovery.members
        if member.address in lacking and member.status is MemberStatus.Active
    ]
    return words


def _ask_and_open(
    asking: Asking,
    chosen: list[Found],
    older: Mapping[Named, tuple[Found, ...]],
    names: dict[str, str],
    ports: ReadPorts,
    given: Given,
    lying: list[str],
) -> tuple[list[OpenedRecord], list[str]]:
    if not chosen:
        return [], []
    asked = ask_for(
        asking, chosen, older, SealingPorts(ports.ledger, ports.index, ports.keepers, ports.clock)
    )
    lying += asked.lying
    records, problems = open_all(asked.records, names, ports.store, given)
    records = [replace(one, served=asked.served.get(one.named, ())) for one in records]
    if asked.short:
        problems.append(f"{KeepersInsufficient.code}: too few keepers answered for {asked.short} records")
    return records, problems


def _categories(asking: Asking, consent: Consent | None) -> tuple[Category, ...]:
    if isinstance(asking.ground, EmergencyGround):
        return (Category.EMERGENCY,)
    if consent is None:
        return tuple(Category)
    named = {name for provision in consent.terms.provisions for name in provision.categories}
    return tuple(one for one in Category if ANY in named or one in named)


def _wanted(found: Found, asking: Asking, consent: Consent | None, names: dict[str, str]) -> bool:
    """Only what the terms cover is asked for, so that a read leaves no refusals; keepers decide by the contract."""
    if not isinstance(asking.ground, ConsentGround) or consent is None:
        return True
    header = found.entry.header
    author = names.get(header.author, "")
    return any(covers(provision, asking.purpose, header, author) for provision in consent.terms.provisions)
