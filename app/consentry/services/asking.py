"""Asking keepers: one signed request, shares opened and checked as they come, keys combined (specification K-1, S-1, S-2).

Whoever asks is described by `Asking`: a session certificate with its key, the purpose and the ground. The same code serves a
clinician's session, a hospital system that asserts a practitioner, and a patient reading the own record.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from consentry.crypto import hpke
from consentry.crypto.sealing import check_share, combine_record_key, combine_seed, open_released
from consentry.crypto.signatures import SessionKey
from consentry.domain.addresses import Address
from consentry.domain.directory import DirectoryDocument
from consentry.domain.entries import Entry
from consentry.domain.episodes import EpisodeAssertion
from consentry.domain.headers import Sealing
from consentry.domain.ledger import CommitteeInfo
from consentry.domain.requests import MAX_ITEMS, Ground, Item, RecordItem, ReleaseRequest, SeedItem
from consentry.domain.sessions import SessionCertificate
from consentry.errors import IntegrityError, KeeperMisbehaved, KeepersInsufficient, NoGround, by_code
from consentry.ports import Clock, Keepers, Ledger
from consentry.ports.keeper_values import Asked, KeeperFailure, Opened, Served, Short, SignedAsk
from consentry.services.succession import serving
from consentry.services.witness import Witness
from consentry.telemetry.request_id import Threads

T = TypeVar("T")

MOST_BYTES = 900_000
"""Of items in one request, which keepers take up to a mebibyte of."""

AT_ONCE = 4
"""Requests under way together, when there is more to ask for than one holds."""


@dataclass(frozen=True)
class Asking:
    """Who asks and on which ground. `practitioner` is named exactly when the session is a system account's; `episode` is
    the member's word that the patient is in the reader's department's care; `witness` notes the requests' digests."""

    actor: Address
    certificate: SessionCertificate
    key: SessionKey
    practitioner: Address | None
    purpose: str
    ground: Ground
    episode: EpisodeAssertion | None = None
    witness: Witness | None = None


@dataclass(frozen=True)
class Wanted:
    """One item, the sealing its shares must match, and the sealed shares by seat (none for seeds: keepers read them)."""

    item: Item
    sealing: Sealing
    salt: bytes
    shares: tuple[bytes, ...]


@dataclass(frozen=True)
class Answers:
    """Shares by seat for each item, in order; None where withheld. `incomplete`: items that too few keepers answered.
    `lying`: in words, the keepers that gave something which does not hold; the answer does without it. `served`: of each item
    by its place, who gave shares."""

    shares: tuple[Mapping[int, bytes] | None, ...]
    incomplete: tuple[int, ...]
    lying: tuple[str, ...] = ()
    served: Mapping[int, tuple[Served, ...]] = field(default_factory=dict, compare=False)


def wanted_record(item: RecordItem, entry: Entry) -> Wanted:
    """A record, with the sealed shares that its entry carries."""
    return Wanted(item, item.sealing, item.header.record_id, entry.shares)


def wanted_seed(item: SeedItem, document: DirectoryDocument) -> Wanted:
    """A category seed; keepers take its shares from the directory document themselves."""
    keys = document.categories[item.category]
    return Wanted(item, document.sealing_of(item.category), keys.seed_commitment, ())


def ask(asking: Asking, wanted: Sequence[Wanted], ledger: Ledger, keepers: Keepers, clock: Clock) -> Answers:
    """Ask whoever holds the seats of the sealing's committee (K-33) for all items, in requests of at most 100.

    What one sealing names (an author writes it) hurts that item only. Raises KeepersInsufficient when nothing could be
    settled, and whatever keepers agree is wrong with the request.
    """
    found: list[Mapping[int, bytes] | None] = [None] * len(wanted)
    incomplete: list[int] = []
    lying: list[str] = []
    served: dict[int, tuple[Served, ...]] = {}
    problem: KeepersInsufficient | None = None
    batches, nobodys = _batches(wanted, ledger)
    if nobodys:
        incomplete += nobodys
        problem = KeepersInsufficient("the records name a committee that the chain does not know")

    def once(batch: _Batch) -> Asked | NoGround | KeepersInsufficient:
        asked_for = [wanted[index] for index in batch.indices]
        try:
            return _ask_once(asking, asked_for, batch.committee, ledger, keepers, clock)
        except (NoGround, KeepersInsufficient) as none:
            return none

    for batch, asked in zip(batches, _at_once(once, batches), strict=True):
        if isinstance(asked, KeepersInsufficient):
            incomplete += batch.indices
            problem = asked
        elif isinstance(asked, Asked):
            lying += _lying(asked.failures)
            for index, outcome in zip(batch.indices, asked.outcomes, strict=True):
                if isinstance(outcome, Opened):
                    found[index], served[index] = outcome.shares, outcome.served
                elif isinstance(outcome, Short):
                    incomplete.append(index)
    if problem is not None and len(incomplete) == len(wanted):
        raise problem
    return Answers(tuple(found), tuple(sorted(incomplete)), tuple(dict.fromkeys(lying)), served)


@dataclass(frozen=True)
class _Batch:
    """What one request asks of one committee, by place."""

    committee: CommitteeInfo
    indices: tuple[int, ...]


def _batches(wanted: Sequence[Wanted], ledger: Ledger) -> tuple[list[_Batch], list[int]]:
    """As few requests as hold all items, and the items whose committee the chain does not know."""
    by_version: dict[int, list[int]] = {}
    for index, one in enumerate(wanted):
        by_version.setdefault(one.sealing.committee_version, []).append(index)
    batches: list[_Batch] = []
    nobodys: list[int] = []
    for version, indices in by_version.items():
        committee = serving(version, ledger)
        if committee is None:
            nobodys += indices
            continue
        most = min(MAX_ITEMS, max(MOST_BYTES // _item_bytes(len(committee.keepers)), 1))
        batches += [_Batch(committee, tuple(indices[at : at + most])) for at in range(0, len(indices), most)]
    return batches, nobodys


def _item_bytes(seats: int) -> int:
    """About how many bytes one item takes in a request, at most: header, proof and share, and a hash for each seat."""
    return 6_000 + 100 * seats


def _at_once(ask: Callable[[_Batch], T], batches: Sequence[_Batch]) -> list[T]:
    """Each batch is one round trip to each keeper; several are under way together."""
    if len(batches) < 2:
        return [ask(batch) for batch in batches]
    with Threads(min(len(batches), AT_ONCE), thread_name_prefix="asking") as threads:
        return list(threads.map(ask, batches))


def _lying(failures: Iterable[KeeperFailure]) -> list[str]:
    """Who gave what does not hold, by seat and host, once each. Whoever was silent is no reader's business."""
    found = {}
    for one in failures:
        known = by_code().get(one.code)
        if known is not None and issubclass(known, IntegrityError):
            found[one.seat, one.host] = (
                f"{KeeperMisbehaved.code}: the keeper of seat {one.seat} ({one.host}): {one.code}"
            )
    return list(found.values())


def record_key(item: RecordItem, shares: Mapping[int, bytes]) -> bytes:
    """The record's key from its shares. Raises ShareInvalid, KeyCommitmentMismatch."""
    header = item.header
    return combine_record_key(item.sealing, header.record_id, shares, header.key_commitment, header.suite)


def seed(wanted: Wanted, shares: Mapping[int, bytes]) -> bytes:
    """The category seed from its shares. Raises ShareInvalid, KeyCommitmentMismatch."""
    return combine_seed(wanted.sealing, wanted.salt, shares)


def _ask_once(
    asking: Asking,
    wanted: Sequence[Wanted],
    committee: CommitteeInfo,
    ledger: Ledger,
    keepers: Keepers,
    clock: Clock,
) -> Asked:
    opener = hpke.Opener(hpke.generate_seed())
    request = ReleaseRequest(
        actor=asking.actor,
        chain_id=ledger.chain_id,
        consent_registry=Address(ledger.address_of("ConsentRegistry")),
        ground=asking.ground,
        issued_at=clock.now(),
        items=tuple(one.item for one in wanted),
        nonce=secrets.token_bytes(16),
        practitioner=asking.practitioner,
        purpose=asking.purpose,
        seal_to=opener.public,
        session=asking.certificate,
        episode=asking.episode,
    )
    digest = request.digest()
    if asking.witness is not None:
        asking.witness.requests.append(digest)

    def open_share(item: int, seat: int, sealed: bytes) -> bytes:
        salt = wanted[item].salt
        share = open_released(opener, digest, salt, seat, sealed)
        check_share(wanted[item].sealing, salt, seat, share)
        return share

    shares = {
        keeper.seat: tuple(
            one.shares[keeper.seat] if keeper.seat < len(one.shares) else None for one in wanted
        )
        for keeper in committee.keepers
    }
    signed = SignedAsk(
        request=request.to_bytes(),
        signature=asking.key.sign(request.to_bytes()),
        items=len(wanted),
        shares=shares,
    )
    return keepers.ask(signed, committee, open_share)
