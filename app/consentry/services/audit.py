"""Keeping the audit trail, and showing it to the patient concerned and to auditors (specification J-4 to J-8).

On disk an event is sealed under the gateway's content key and found by keyed hashes: who has the database alone learns when
something happened, and nothing else.
"""

from __future__ import annotations

import hmac
import json
import secrets
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from threading import Lock
from typing import TypeVar

from consentry.crypto.kept import open_kept, seal_kept
from consentry.domain import roles
from consentry.domain.addresses import Address
from consentry.domain.ledger import Answer
from consentry.errors import AuditEventUnknown, AuditUnwritable, ConsentryError, RateLimited
from consentry.fhir import audit_codes
from consentry.fhir.audit_facts import EVENT_ID_BYTES, Facts, Named, Pattern
from consentry.fhir.audit_keys import found_by
from consentry.fhir.audit_search import AuditSearch
from consentry.ports import Clock, Ledger
from consentry.ports.audit import AuditQuery, AuditRow, AuditTrail
from consentry.services.pace import Pace
from consentry.services.sign_in import Site

T = TypeVar("T")

ACCOUNT, PSEUDONYM = "urn:consentry:account", "urn:consentry:pseudonym"
DAY = 86_400
KEY_BYTES = 16
MOST_RECEIPTS = 15
MOST_RECORDS = 100
MOST_COUNTED = 10_000
STRANGERS_A_SECOND, STRANGERS_AT_ONCE = 1.0, 60
_INFO = b"consentry/v1/audit-event"
_STRANGERS = Address("")
_ACTED = tuple(
    audit_codes.CODES[one].action for one in (Pattern.CREATE, Pattern.READ, Pattern.UPDATE, Pattern.DELETE)
)


@dataclass
class Strangers:
    """Refusals of callers whom nobody knows are written at a pace, lest they fill the disk; the next one says how many
    were not."""

    pace: Pace = field(default_factory=lambda: Pace(STRANGERS_A_SECOND, STRANGERS_AT_ONCE))
    lock: Lock = field(default_factory=Lock)
    unwritten: int = 0


@dataclass(frozen=True)
class AuditPorts:
    """`content_key` (32 bytes) seals events, `key` (32 bytes) makes hashes and pseudonyms; events stay `keep_days` days."""

    trail: AuditTrail
    site: Site
    ledger: Ledger
    clock: Clock
    key: bytes = field(repr=False)
    content_key: bytes = field(repr=False)
    keep_days: int
    strangers: Strangers = field(default_factory=Strangers)


@dataclass(frozen=True)
class Viewer:
    """Who looks: the patient concerned sees the own events whole; an auditor (`patient` None) sees everybody's, with
    pseudonyms in place of whatever names a patient."""

    patient: Address | None


@dataclass(frozen=True)
class AuditPage:
    """`total` is None where there are too many to count; `more`: whether older ones follow."""

    events: tuple[Facts, ...]
    total: int | None
    more: bool


def new_event_id() -> str:
    return secrets.token_hex(EVENT_ID_BYTES)


def record(events: Sequence[Facts], ports: AuditPorts) -> None:
    """On disk when it returns; events of callers whom nobody knows within their pace only. Raises AuditUnwritable."""
    if not all(_is_strangers(one) for one in events):
        _append(events, ports)
        return
    strangers = ports.strangers
    try:
        strangers.pace.take(_STRANGERS)
    except RateLimited:
        with strangers.lock:
            strangers.unwritten += 1
        return
    with strangers.lock:
        unwritten, strangers.unwritten = strangers.unwritten, 0
    try:
        _append([replace(one, unwritten=unwritten) for one in events], ports)
    except AuditUnwritable:
        with strangers.lock:
            strangers.unwritten += unwritten + 1
        raise


def viewer_of(account: Address, patient: Address | None, ports: AuditPorts) -> Viewer | None:
    """An auditor of this member or of the regulator; else the patient for whom somebody is signed in; else nobody who sees
    anything. Raises ChainUnreachable."""
    if _is_auditor(account, ports):
        return Viewer(None)
    return None if patient is None else Viewer(patient)


def read_event(event_id: str, viewer: Viewer | None, ports: AuditPorts) -> tuple[Facts, Named | None]:
    """The event as the viewer may see it, and whom it concerns. Raises AuditEventUnknown, also for somebody else's."""
    try:
        raw = bytes.fromhex(event_id)
    except ValueError:
        raw = b""
    if viewer is None or len(raw) != EVENT_ID_BYTES or event_id != raw.hex():
        raise AuditEventUnknown()
    sealed = ports.trail.get(raw, tuple(keys[0] for keys in _scope(viewer, ports)))
    if sealed is None:
        raise AuditEventUnknown()
    facts = _opened(raw, sealed, ports)
    return _shown(facts, viewer, ports), facts.patient


def search_events(asked: AuditSearch, viewer: Viewer | None, ports: AuditPorts) -> AuditPage:
    """Newest first. Whoever sees nothing finds nothing."""
    if viewer is None:
        return AuditPage((), 0, more=False)
    choices = tuple(tuple(_key(name, one, ports) for one in values) for name, values in asked.choices)
    after = bytes.fromhex(asked.after) if asked.after else None
    query = AuditQuery(_scope(viewer, ports) + choices, asked.since, asked.until, after, asked.count + 1)
    total = ports.trail.count(query, MOST_COUNTED)
    rows = ports.trail.find(query) if asked.count else ()
    shown = tuple(
        _shown(_opened(row.event_id, row.sealed, ports), viewer, ports) for row in rows[: asked.count]
    )
    return AuditPage(shown, None if total == MOST_COUNTED else total, more=len(rows) > asked.count)


def patient_of(entity: str, ports: AuditPorts) -> Named | None:
    """Whom the last event that read or wrote this entity (a reference, or `system|value`) named: an author can't open what it
    published, and knows so whose it was when it takes it back. What was listed is passed over: a list of before W-99 named the
    records of several patients under one. Raises StoreUnreachable."""
    acted = tuple(_key("action", one, ports) for one in _ACTED)
    rows = ports.trail.find(AuditQuery(keys=((_key("entity", entity, ports),), acted), limit=1))
    return next((_opened(row.event_id, row.sealed, ports).patient for row in rows), None)


def _append(events: Sequence[Facts], ports: AuditPorts) -> None:
    rows = []
    # the events of one answer are found by nearly the same
    key = cache(lambda name, value: _key(name, value, ports))
    for one in events:
        event_id = bytes.fromhex(one.event_id)
        text = json.dumps(one.to_json(), ensure_ascii=False, separators=(",", ":"))
        sealed = seal_kept(ports.content_key, _INFO, event_id, zlib.compress(text.encode("utf-8")))
        keys = tuple(key(name, value) for name, value in found_by(one))
        rows.append(AuditRow(event_id, one.recorded, keys, sealed))
    try:
        ports.trail.append(rows, ports.clock.now() - ports.keep_days * DAY)
    except ConsentryError:
        raise AuditUnwritable() from None


def _is_strangers(one: Facts) -> bool:
    return one.user is None and not one.client.value


def _is_auditor(account: Address, ports: AuditPorts) -> bool:
    """By the latest and the final block, like the regulator's feed (A-10)."""
    ledger, now = ports.ledger, ports.clock.now()
    people = ledger.evaluate_both([ledger.staff_call(account)])
    known = [one for (one,) in (_got(people.latest), _got(people.final))]
    if not all(
        one is not None and one.role == roles.Role.AUDITOR and one.licence_end_at > now for one in known
    ):
        return False
    named = ledger.evaluate_both([ledger.regulator_call()])
    regulators = (*_got(named.latest), *_got(named.final))
    members = [one.member for one in known if one is not None]
    active = ledger.evaluate_both([ledger.active_call(one) for one in dict.fromkeys(members)])
    return all((*_got(active.latest), *_got(active.final))) and all(
        one in (ports.site.member, regulator) for one, regulator in zip(members, regulators, strict=True)
    )


def _got(answers: Iterable[Answer[T]]) -> tuple[T, ...]:
    return tuple(one.get() for one in answers)


def _scope(viewer: Viewer, ports: AuditPorts) -> tuple[tuple[bytes, ...], ...]:
    return () if viewer.patient is None else ((_key("patient", viewer.patient, ports),),)


def _shown(facts: Facts, viewer: Viewer, ports: AuditPorts) -> Facts:
    def veiled(one: Named | None) -> Named | None:
        # of strangers who asked in vain the patient is not told the account either
        if one is None or not one.private or (viewer.patient is not None and one.type != "Person"):
            return one
        hidden = hmac.digest(ports.key, b"pseudonym\0" + one.value.encode(), "sha256")[:KEY_BYTES].hex()
        return replace(
            one, reference=one.reference if one.type == "Patient" else "", system=PSEUDONYM, value=hidden
        )

    return replace(
        facts,
        user=veiled(facts.user),
        patient=veiled(facts.patient),
        data=veiled(facts.data),
        grounds=tuple(one for one in map(veiled, facts.grounds) if one is not None),
    )


def _opened(event_id: bytes, sealed: bytes, ports: AuditPorts) -> Facts:
    return Facts.from_json(json.loads(zlib.decompress(open_kept(ports.content_key, _INFO, event_id, sealed))))


def _key(name: str, value: str, ports: AuditPorts) -> bytes:
    return hmac.digest(ports.key, f"{name}\0{value}".encode("utf-8", "surrogatepass"), "sha256")[:KEY_BYTES]
