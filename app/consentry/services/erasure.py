"""An author erases a record of its own (specification X-1, X-2).

    law allows it → retracted on chain → order noted → entries here and at others → content → what the author kept of it

Everything may be repeated: what was done stays done. Keepers refuse a retracted record for ever; without its entries nobody
has shares of its key, and without what the author kept nobody has the key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from consentry.crypto.own_copy import OwnRecord, open_own
from consentry.crypto.signatures import recover
from consentry.domain import times
from consentry.domain.addresses import Address
from consentry.domain.erasure import ErasureCertificate, ErasureOrder
from consentry.domain.retraction import Why
from consentry.errors import (
    CopyKeyWrong,
    ErasureBlocked,
    IntegrityError,
    LayoutInvalid,
    RecordUnknown,
    SignatureInvalid,
)
from consentry.ports.erasures import OwnErasures, SignedCertificate, SignedOrder
from consentry.ports.versions import Version
from consentry.services.obeying import ObeyPorts, obey
from consentry.services.publish_ports import Author, PublishPorts
from consentry.services.retention import Table, kept_until
from consentry.services.retraction import RetractRecord, retract

Send = Callable[[str, SignedOrder], SignedCertificate]
"""Sends an order to the gateway at a URL. Raises UnavailableError, or what the gateway answered."""


@dataclass(frozen=True)
class ErasurePorts:
    """`jurisdiction`: a row's name in the table of retention; `here` obeys for the author's own gateway."""

    publishing: PublishPorts
    own: OwnErasures
    here: ObeyPorts
    table: Table
    jurisdiction: str
    chain_id: int
    sign: Callable[[bytes], bytes] = field(repr=False)


@dataclass(frozen=True)
class Erased:
    """One record: the stores' certificates by member, and whether its content was deleted here (else it was gone before)."""

    record_id: bytes
    certificates: tuple[ErasureCertificate, ...]
    content_deleted: bool


def versions_of(record_id: bytes, ports: ErasurePorts) -> tuple[Version, ...]:
    """The record and all versions before it. Raises RecordUnknown."""
    found: list[Version] = []
    following: bytes | None = record_id
    while following is not None:
        version = ports.publishing.publications.versions.of_records([following]).get(following)
        if version is None:
            raise RecordUnknown()
        found.append(version)
        following = version.replaces
    return tuple(found)


def require_allowed(record_ids: tuple[bytes, ...], seed: bytes, ports: ErasurePorts) -> None:
    """Raise ErasureBlocked, saying until when and by which source, if the law keeps any of these. What was begun is not asked
    about again. Raises CopyKeyWrong, ConfigInvalid for a jurisdiction that the table does not know."""
    now = ports.publishing.clock.now()
    for record_id in record_ids:
        own = _own(record_id, seed, ports)
        if own is None:
            continue
        since = max(times.seconds(own.header.date), _anchored_at(record_id, own.header.author, now, ports))
        kept = kept_until(ports.table, ports.jurisdiction, own.header.category, since, now)
        if kept is not None:
            raise ErasureBlocked(f"it is kept until {times.iso(kept.until)}: {kept.rule.source}")


def erase(record_id: bytes, seed: bytes, author: Author, ports: ErasurePorts) -> tuple[Erased, ...]:
    """Erase a record and the versions before it, at this member's store; `seed` is the offline copy key's.

    Raises RecordUnknown, ErasureBlocked, CopyKeyWrong, ErasureRefused while the retraction is not final yet (then nothing was
    deleted: run it again), ConfigInvalid, StoreUnreachable, ChainUnreachable, TransactionReverted.
    """
    ids = tuple(one.record_id for one in versions_of(record_id, ports))
    require_allowed(ids, seed, ports)
    retract(RetractRecord(record_id, author.address, Why.ERASED), author, ports.publishing)
    return tuple(_erase_one(one, seed, author, ports) for one in ids)


def order_elsewhere(record_id: bytes, url: str, send: Send, ports: ErasurePorts) -> ErasureCertificate | None:
    """Have another member's gateway obey, and keep its certificate; None for a record without entries.

    Raises RecordUnknown before `erase`, SignatureInvalid for a certificate that is not a member's word on this order.
    """
    begun = ports.own.begun(record_id)
    if begun is None:
        raise RecordUnknown("its erasure was not begun here")
    _, signed = begun
    order = ErasureOrder.parse(signed.raw)
    answer = send(url, signed)
    certificate = _checked(answer, order, ports)
    ports.own.certify(record_id, certificate.member, answer)
    return certificate


def _erase_one(record_id: bytes, seed: bytes, author: Author, ports: ErasurePorts) -> Erased:
    begun = ports.own.begun(record_id)
    if begun is None:
        begun = _begin(record_id, seed, author, ports)
    content, signed = begun
    order = ErasureOrder.parse(signed.raw)
    answer = obey(signed, ports.here)
    ports.own.certify(record_id, _checked(answer, order, ports).member, answer)
    store = ports.publishing.store
    deleted = store.has(content)
    store.delete(content)
    ports.own.forget(record_id)
    told = tuple(ErasureCertificate.parse(one.raw) for one in ports.own.certificates(record_id))
    return Erased(record_id, told, deleted)


def _begin(record_id: bytes, seed: bytes, author: Author, ports: ErasurePorts) -> tuple[str, SignedOrder]:
    own = _own(record_id, seed, ports)
    if own is None:
        raise RecordUnknown("nothing was kept of it: it was published by an older release")
    order = ErasureOrder(
        author=author.address,
        chain_id=ports.chain_id,
        entries=ports.own.entries_of(record_id),
        header_hash=own.header.hash(),
        record_id=record_id,
        time=ports.publishing.clock.now(),
    )
    signed = SignedOrder(order.raw, ports.sign(order.digest()))
    ports.own.begin(record_id, own.header.cid, signed)
    return own.header.cid, signed


def _anchored_at(record_id: bytes, author: Address, now: int, ports: ErasurePorts) -> int:
    """When the record was first anchored, by the chain; now, if it was not yet."""
    root = ports.own.root_of(record_id)
    anchor = None if root is None else ports.publishing.ledger.anchor_of(author, root)
    return now if anchor is None else anchor.anchored_at


def _own(record_id: bytes, seed: bytes, ports: ErasurePorts) -> OwnRecord | None:
    """What the author kept; None once its erasure was begun, or if nothing was kept."""
    sealed = ports.own.kept(record_id)
    if sealed is None or ports.own.begun(record_id) is not None:
        return None
    try:
        return open_own(seed, ports.chain_id, record_id, sealed)
    except (IntegrityError, LayoutInvalid):
        raise CopyKeyWrong() from None


def _checked(answer: SignedCertificate, order: ErasureOrder, ports: ErasurePorts) -> ErasureCertificate:
    """Raises SignatureInvalid unless it is a member's word on exactly this order."""
    certificate = ErasureCertificate.parse(answer.raw)
    signer = recover(certificate.digest(), answer.signature)
    ledger = ports.publishing.ledger
    (acting,) = ledger.evaluate([ledger.acting_for_call(signer)])
    named = {*certificate.deleted, *certificate.absent, *certificate.kept}
    if acting.get() != certificate.member or certificate.order != order.digest() or named != set(order.cids):
        raise SignatureInvalid("the certificate is not a member's word on this order")
    return certificate
