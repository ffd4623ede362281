"""Reading a patient's records under a ground, across hospitals (design §4 Read, specification G-3, D-4 to D-6).

What the ground does not permit is simply absent. What is technically incomplete is said, in words that name no patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.ledger import MemberStatus
from consentry.domain.requests import ConsentGround, EmergencyGround, RecordItem
from consentry.domain.terms import ANY, Consent, covers
from consentry.errors import IndexBehind, KeepersInsufficient, NoGround, RecordAmbiguous
from consentry.ports import BlobStore, Clock, Index, Keepers, Ledger
from consentry.ports.index_values import IndexStatus
from consentry.services import directory as directories
from consentry.services.asking import Asking, ask, wanted_record
from consentry.services.discover import Discovery, Found, Seeds, discover, fetch_seeds
from consentry.services.opening import FORMER, MAX_READ_BYTES, Given, open_all
from consentry.services.opening import OpenedRecord as OpenedRecord
from consentry.services.opening import open_envelope as open_envelope


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


@dataclass(frozen=True)
class Reading:
    """What the ground gave; `incomplete` says in words what is technically missing, never what is withheld."""

    records: tuple[OpenedRecord, ...]
    incomplete: tuple[str, ...] = field(default_factory=tuple)


def read(
    asking: Asking,
    consent: Consent | None,
    ports: ReadPorts,
    seeds: Seeds | None = None,
    given: Given | None = None,
) -> Reading:
    """Every record that the ground permits and `given` does not hold yet. `consent` is the ground's, or None without one.

    Raises NoGround when keepers release nothing at all to this actor, DirectoryNotOpen, BlobMissing and the like when none
    of the patient's directory documents can be read, KeepersInsufficient, ChainUnreachable.
    """
    held = Seeds() if seeds is None else seeds
    caught_up = ports.scan()
    history = directories.history(ports.ledger, ports.store, Address(asking.ground.patient), ports.documents)
    if not history.readable:
        raise history.problem or NoGround()
    missing = fetch_seeds(
        asking, history.readable, _categories(asking, consent), held, ports.ledger, ports.keepers, ports.clock
    )
    if not held.held and not missing:
        raise NoGround()
    discovery = discover(history.readable, held, ports.ledger, ports.index, ports.store)
    missing += [
        *history.incomplete,
        *discovery.incomplete,
        *_behind(caught_up, ports.index.status(), discovery),
    ]
    names = {member.address: member.name for member in discovery.members}
    chosen, problems = newest([one for one in discovery.found if _wanted(one, asking, consent, names)], names)
    allowed = Given(ports.max_bytes) if given is None else given
    records, unopened = _ask_and_open(
        asking, [one for one in chosen if not allowed.holds(one)], names, ports, allowed
    )
    return Reading(tuple(records), tuple(dict.fromkeys(missing + problems + unopened)))


def _behind(caught_up: bool, status: IndexStatus, discovery: Discovery) -> list[str]:  # noqa: FBT001 - a port's answer
    """What the index may lack. What nobody has had for long concerns those only whose author files in these channels, or
    one author could spoil every answer for ever (D-6)."""
    words = []
    if not caught_up or status.lag:
        words.append(f"{IndexBehind.code}: the newest records may be missing")
    lacking = status.missing_of | (status.abandoned_of & discovery.authors)
    words += [
        f"{IndexBehind.code}: records of {member.name} may be missing"
        for member in discovery.members
        if member.address in lacking and member.status is MemberStatus.Active
    ]
    return words


def _ask_and_open(
    asking: Asking, chosen: list[Found], names: dict[str, str], ports: ReadPorts, given: Given
) -> tuple[list[OpenedRecord], list[str]]:
    if not chosen:
        return [], []
    items = [
        RecordItem(
            header=one.entry.header,
            sealing=one.entry.sealing,
            root=one.row.root,
            proof=ports.index.proof_for(one.row.author, one.row.root, one.row.position),
        )
        for one in chosen
    ]
    wanted = [wanted_record(item, one.entry) for item, one in zip(items, chosen, strict=True)]
    answers = ask(asking, wanted, ports.ledger, ports.keepers, ports.clock)
    released = [
        (item, shares) for item, shares in zip(items, answers.shares, strict=True) if shares is not None
    ]
    records, problems = open_all(released, names, ports.store, given)
    if answers.incomplete:
        problems.append(
            f"{KeepersInsufficient.code}: too few keepers answered for {len(answers.incomplete)} records"
        )
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


def newest(found: Iterable[Found], names: Mapping[str, str]) -> tuple[list[Found], list[str]]:
    """Without what a later version of the same author replaces; in order of date, author, id. A record is known by its
    author and id: two headers under one such name are both left out, and that is said (D-5)."""
    headers: dict[tuple[Address, bytes], dict[bytes, Found]] = {}
    for one in found:
        header = one.entry.header
        headers.setdefault((header.author, header.record_id), {})[header.hash()] = one
    problems = dict.fromkeys(
        ambiguous(names.get(author, FORMER)) for (author, _), these in headers.items() if len(these) > 1
    )
    single = {key: next(iter(these.values())) for key, these in headers.items() if len(these) == 1}
    replaced: dict[tuple[Address, bytes | None], int] = {}
    for (author, _), one in single.items():
        key, version = (author, one.entry.header.replaces), one.entry.header.version
        replaced[key] = max(version, replaced.get(key, 0))
    kept = [one for key, one in single.items() if one.entry.header.version >= replaced.get(key, 0)]
    kept.sort(key=lambda one: (one.entry.header.date, one.entry.header.author, one.entry.header.record_id))
    return kept, list(problems)


def ambiguous(author: str) -> str:
    """What is said of two different headers of one author under one record id."""
    return f"{RecordAmbiguous.code}: {author} filed different records under one record id"
