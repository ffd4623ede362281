"""What a request rests on (grounds) and asks for (items), as parts of its layout (specification K-1)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from consentry.domain import canonical, fields, times
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.cids import cid
from consentry.domain.grounds import GroundType
from consentry.domain.headers import Header, Sealing, category, record_digest
from consentry.domain.ledger import Grant
from consentry.domain.mandates import Mandate
from consentry.domain.merkle import Proof
from consentry.domain.openings import Opening
from consentry.domain.terms import Terms, terms_hash
from consentry.errors import LayoutInvalid, TermsInvalid


@dataclass(frozen=True)
class ConsentGround:
    """By this consent of the patient; `mandate` is that under which it was granted, if it was."""

    grant: Grant
    terms: Terms
    mandate: Mandate | None = None

    def __post_init__(self) -> None:
        _check_patient(self.mandate, Address(self.grant.patient))

    @property
    def type(self) -> GroundType:
        return GroundType.CONSENT

    @property
    def patient(self) -> Address:
        return Address(self.grant.patient)

    def to_json(self) -> dict[str, Any]:
        grant = {
            "patient": self.grant.patient,
            "relayBefore": times.iso(self.grant.relay_before),
            "termsHash": fields.to_hex(self.grant.terms_hash),
            "validFrom": times.iso(self.grant.valid_from),
            "validUntil": times.iso(self.grant.valid_until),
        }
        shown = {"grant": grant, "terms": self.terms.to_json(), "type": "CONSENT"}
        return shown | _mandate_json(self.mandate)


@dataclass(frozen=True)
class SelfGround:
    """By the patient's own controller or representative; by a mandate's representative where `mandate` is shown (K-16)."""

    patient: Address
    mandate: Mandate | None = None

    def __post_init__(self) -> None:
        _check_patient(self.mandate, self.patient)

    @property
    def type(self) -> GroundType:
        return GroundType.SELF

    def to_json(self) -> dict[str, Any]:
        return {"patient": self.patient, "type": "SELF"} | _mandate_json(self.mandate)


@dataclass(frozen=True)
class EmergencyGround:
    """By a break-glass opening, shown whole: keepers recompute what the chain knows it by (K-15)."""

    opening: Opening

    @property
    def type(self) -> GroundType:
        return GroundType.EMERGENCY

    @property
    def patient(self) -> Address:
        return self.opening.subject.patient

    def to_json(self) -> dict[str, Any]:
        return {"opening": self.opening.to_json(), "type": "EMERGENCY"}


@dataclass(frozen=True)
class RecordItem:
    """Asks for one record: its header and sealing, and that they are anchored under `root` (32 bytes)."""

    header: Header
    sealing: Sealing
    root: bytes
    proof: Proof

    @property
    def patient(self) -> Address:
        return self.header.patient

    def record_digest(self) -> bytes:
        """The digest that must prove against the root."""
        return record_digest(self.header.record_id, self.header.hash(), self.sealing.hash())

    def to_json(self) -> dict[str, Any]:
        return {
            "header": self.header.to_json(),
            "proof": self.proof.to_json(),
            "root": fields.to_hex(self.root),
            "sealing": self.sealing.to_json(),
            "type": "record",
        }


@dataclass(frozen=True)
class SeedItem:
    """Asks for the seed of one category, from the directory document of this CID."""

    category: Category
    document_cid: str
    patient: Address

    def to_json(self) -> dict[str, Any]:
        return {
            "category": str(self.category),
            "documentCid": self.document_cid,
            "patient": self.patient,
            "type": "seed",
        }


Ground = ConsentGround | SelfGround | EmergencyGround
Item = RecordItem | SeedItem


def known_ground(obj: Any) -> Ground:
    """`parse_ground`, remembered by every byte: the same ground comes with each request that rests on it."""
    return _ground_of(canonical.dumps(obj))


@lru_cache(maxsize=256)
def _ground_of(raw: bytes) -> Ground:
    return parse_ground(json.loads(raw))


def parse_ground(obj: Any) -> Ground:
    """Raises LayoutInvalid naming the field; the grant must carry the hash of the terms beside it."""
    where = "request.ground"
    kind = obj.get("type") if isinstance(obj, dict) else None
    mandated = ("mandate",) if isinstance(obj, dict) and "mandate" in obj else ()
    if kind == "SELF":
        got = fields.exact(obj, ("patient", "type", *mandated), where)
        patient = fields.address(got["patient"], f"{where}.patient")
        return SelfGround(patient, _mandate(got, where))
    if kind == "EMERGENCY":
        got = fields.exact(obj, ("opening", "type"), where)
        return EmergencyGround(Opening.from_json(got["opening"], f"{where}.opening"))
    if kind != "CONSENT":
        fields.refuse(f"{where}.type", "be CONSENT, SELF or EMERGENCY")
    got = fields.exact(obj, ("grant", "terms", "type", *mandated), where)
    try:
        terms = Terms.from_json(got["terms"])
    except TermsInvalid as refused:
        raise LayoutInvalid(f"{where}.{refused.diagnostics}", expression=refused.expression) from None
    keys = ("patient", "relayBefore", "termsHash", "validFrom", "validUntil")
    grant = fields.exact(got["grant"], keys, f"{where}.grant")
    hashed = terms_hash(terms)
    if fields.hex_bytes(grant["termsHash"], f"{where}.grant.termsHash") != hashed:
        fields.refuse(f"{where}.grant.termsHash", "be the hash of the terms")
    return ConsentGround(
        grant=Grant(
            patient=fields.address(grant["patient"], f"{where}.grant.patient"),
            terms_hash=hashed,
            valid_from=_time(grant["validFrom"], f"{where}.grant.validFrom"),
            valid_until=_time(grant["validUntil"], f"{where}.grant.validUntil"),
            relay_before=_time(grant["relayBefore"], f"{where}.grant.relayBefore"),
        ),
        terms=terms,
        mandate=_mandate(got, where),
    )


def parse_item(obj: Any, where: str) -> Item:
    """Raises LayoutInvalid naming the field."""
    kind = obj.get("type") if isinstance(obj, dict) else None
    if kind == "seed":
        got = fields.exact(obj, ("category", "documentCid", "patient", "type"), where)
        return SeedItem(
            category=category(got["category"], f"{where}.category"),
            document_cid=cid(got["documentCid"], f"{where}.documentCid"),
            patient=fields.address(got["patient"], f"{where}.patient"),
        )
    if kind != "record":
        fields.refuse(f"{where}.type", "be record or seed")
    got = fields.exact(obj, ("header", "proof", "root", "sealing", "type"), where)
    return RecordItem(
        header=Header.parse(got["header"], f"{where}.header"),
        sealing=Sealing.parse(got["sealing"], f"{where}.sealing"),
        root=fields.hex_bytes(got["root"], f"{where}.root"),
        proof=Proof.parse(got["proof"], f"{where}.proof"),
    )


def _mandate(got: dict[str, Any], where: str) -> Mandate | None:
    """What the optional key holds: a mandate, never null."""
    if "mandate" not in got:
        return None
    try:
        return Mandate.from_json(got["mandate"])
    except TermsInvalid as refused:
        raise LayoutInvalid(f"{where}.{refused.diagnostics}", expression=refused.expression) from None


def _mandate_json(mandate: Mandate | None) -> dict[str, Any]:
    return {} if mandate is None else {"mandate": mandate.to_json()}


def _check_patient(mandate: Mandate | None, patient: Address) -> None:
    if mandate is not None and mandate.patient != patient:
        fields.refuse("request.ground.mandate.patient", "be the patient of the ground")


def _time(text: Any, where: str) -> int:
    return fields.integer(times.seconds(text, where), where, 0)
